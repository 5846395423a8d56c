import type { Statement } from "../statement.js";

/** A page of ids of ended games that wait for their archive. $1 lowest id · $2 id to leave out, or null · $3 limit */
export const listEnded: Statement<{ id: string }> = {
  name: "list-ended",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status = 'ended' AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};
