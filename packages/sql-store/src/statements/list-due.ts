import type { Statement } from "../statement.js";

/**
 * A page of ids of live games that are due at this service time, by id.
 * $1 lowest id · $2 id to leave out, or null · $3 limit · $4 service time in ms
 */
export const listDue: Statement<{ id: string }> = {
  name: "list-due",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status = 'live' AND due_at IS NOT NULL AND due_at <= $4::bigint
      AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};
