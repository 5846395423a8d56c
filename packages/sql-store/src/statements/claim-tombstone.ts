import type { Statement } from "../statement.js";

/**
 * Makes an archived game's tombstone where there is no row, so that no creation of the same id can pass at the same
 * time; returns the id, or nothing where there is a row. $1 id · $2 game type · $3 turns
 */
export const claimTombstone: Statement<{ id: string }> = {
  name: "claim-tombstone",
  writes: true,
  sql: (t) => `
    WITH drawn AS MATERIALIZED (SELECT ${t.nextFence} AS fence)
    INSERT INTO ${t.games} (
      id, status, lineage, revision, fence, turn_number, game_type, player_ids, rules, schema_version, write_ids,
      log_count, started_at, last_action_at, closed_at)
    SELECT $1::uuid, 'archived', fence, 1, fence, $3::integer, $2::text, '{}', '{}', 1, '', 0, now(), now(), now()
    FROM drawn
    ON CONFLICT (id) DO NOTHING
    RETURNING id`,
};
