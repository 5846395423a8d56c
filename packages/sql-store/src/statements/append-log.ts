import type { Statement } from "../statement.js";

/** Adds log entries of one game; those that are there stay as they are. $1 id · $2 number of the first · $3 entries */
export const appendLog: Statement = {
  name: "append-log",
  writes: true,
  sql: (t) => `
    INSERT INTO ${t.log} (game_id, seq, entry)
    SELECT $1::uuid, $2::bigint + e.position - 1, e.entry
    FROM unnest($3::text[]) WITH ORDINALITY AS e (entry, position)
    ON CONFLICT (game_id, seq) DO NOTHING`,
};
