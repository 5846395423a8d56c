import { milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** Deletes tombstones that were made so long ago, at most so many; returns their ids. $1 milliseconds · $2 limit */
export const purgeTombstonesStatement: Statement<{ id: string }> = {
  name: "purge-tombstones",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    DELETE FROM ${t.games} WHERE id IN (
      SELECT id FROM ${t.games}
      WHERE status IN ('archived', 'deleted') AND closed_at <= now() - $1::bigint * interval '1 millisecond'
      ORDER BY closed_at LIMIT $2::integer FOR UPDATE SKIP LOCKED
    ) RETURNING id`,
};

const batchGames = 1_000;

/** Deletes tombstones older than this, a batch at a time; returns how many. */
export async function purgeTombstones(db: Database, olderThanMs: number, options?: CallOptions): Promise<number> {
  const age = milliseconds("olderThanMs", olderThanMs);
  for (let purged = 0; ; ) {
    const rows = await db.run(purgeTombstonesStatement, [age, batchGames], options);
    purged += rows.length;
    if (rows.length < batchGames) return purged;
  }
}
