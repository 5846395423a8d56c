import { type GameRow, gameColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/** A live or ended row as it is. $1 id */
export const readGame: Statement<GameRow> = {
  name: "read-game",
  writes: false,
  sql: (t) => `
    SELECT ${gameColumns("g")} FROM ${t.games} g WHERE g.id = $1::uuid AND g.status IN ('live', 'ended')`,
};
