import type { Statement } from "../statement.js";

/** How many games are live or ended; answered from a partial index. */
export const countActive: Statement<{ games: string }> = {
  name: "count-active",
  writes: false,
  sql: (t) => `SELECT count(*) AS games FROM ${t.games} WHERE status IN ('live', 'ended')`,
};
