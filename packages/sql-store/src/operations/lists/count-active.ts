import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** How many games are live or ended; answered from a partial index. */
export const countActiveStatement: Statement<{ games: string }> = {
  name: "count-active",
  writes: false,
  sql: (t) => `SELECT count(*) AS games FROM ${t.games} WHERE status IN ('live', 'ended')`,
};

/** How many games are live or ended. */
export async function countActive(db: Database, options?: CallOptions): Promise<number> {
  const [row] = await db.run(countActiveStatement, [], options);
  return Number(row?.games ?? 0);
}
