import type { Statement } from "../statement.js";

/**
 * A page of ids of live games without activity for so long, by id. The time of the last action has no index on
 * purpose: it changes with every flush, and an index on it would make each flush write to all indexes.
 * $1 lowest id · $2 id to leave out, or null · $3 limit · $4 milliseconds
 */
export const listIdle: Statement<{ id: string }> = {
  name: "list-idle",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status = 'live' AND status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
      AND last_action_at <= now() - $4::bigint * interval '1 millisecond'
    ORDER BY id LIMIT $3::integer`,
};
