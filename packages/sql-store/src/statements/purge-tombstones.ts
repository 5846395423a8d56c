import type { Statement } from "../statement.js";

/** Deletes tombstones that were made so long ago, at most so many; returns their ids. $1 milliseconds · $2 limit */
export const purgeTombstones: Statement<{ id: string }> = {
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
