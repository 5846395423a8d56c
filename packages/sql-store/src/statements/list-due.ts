import type { Statement } from "../statement.js";

/**
 * A page, by id, of the ids of live games that are due at this service time; of the 10,000 most overdue ones, since
 * those that were seen to are due no more. The inner order is there for the planner: service time runs past what the
 * table's statistics know, and by them alone every game looks due, which would have it walk all of them.
 * $1 lowest id · $2 id to leave out, or null · $3 limit · $4 service time in ms
 */
export const listDue: Statement<{ id: string }> = {
  name: "list-due",
  writes: false,
  sql: (t) => `
    WITH due AS MATERIALIZED (
      SELECT id FROM ${t.games}
      WHERE status = 'live' AND due_at IS NOT NULL AND due_at <= $4::bigint
      ORDER BY due_at LIMIT 10000
    )
    SELECT id FROM due WHERE id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};
