import type { Statement } from "../statement.js";

/**
 * Makes a locked row a small tombstone without state, and deletes its log. What tells a late writer where it stands
 * (version, fence, write ids) stays. To be run after the statement that took the lock, never in it: only a later
 * statement sees the log of a flush that held the lock before.
 * $1 id · $2 status: archived or deleted · $3 lineage · $4 revision · $5 write ids · $6 turn · $7 log count
 * ($3 to $7 null: as they are)
 */
export const markGone: Statement = {
  name: "mark-gone",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    WITH forgotten AS (DELETE FROM ${t.log} WHERE game_id = $1::uuid)
    UPDATE ${t.games} SET
      status = $2::text, state = NULL, rules = '{}', player_ids = '{}', npc_id = NULL, quarantined = NULL,
      lineage = coalesce($3::bigint, lineage), revision = coalesce($4::bigint, revision),
      write_ids = coalesce($5::text, write_ids), turn_number = coalesce($6::integer, turn_number),
      log_count = coalesce($7::bigint, log_count), due_at = NULL, closed_at = now()
    WHERE id = $1::uuid`,
};
