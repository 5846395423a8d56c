import type { Statement } from "../statement.js";

/** A page of ids of live and ended games, by id. $1 lowest id · $2 id to leave out, or null · $3 limit */
export const listLive: Statement<{ id: string }> = {
  name: "list-live",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};
