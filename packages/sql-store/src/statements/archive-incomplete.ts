import { type HistoryRow, historyColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Puts a game without an active row into history, marked incomplete; nothing comes back where history has it.
 * $1 id · $2 game type · $3 player ids · $4 NPC · $5 winner · $6 winner is NPC · $7 end reason · $8 turns · $9 replay
 */
export const archiveIncomplete: Statement<HistoryRow> = {
  name: "archive-incomplete",
  writes: true,
  sql: (t) => `
    WITH archived AS (
      INSERT INTO ${t.history} (
        game_id, game_type, player_ids, npc_id, winner_id, winner_is_npc, end_reason, turn_count, duration_seconds,
        incomplete, replay_data, played_at, ended_at)
      VALUES ($1::uuid, $2::text, $3::text[], $4::text, $5::uuid, $6::boolean, $7::text, $8::integer, 0,
        true, $9::text::json, now(), now())
      ON CONFLICT (game_id) DO NOTHING
      RETURNING *
    ), players AS (
      INSERT INTO ${t.historyPlayers} (player_id, ended_at, game_id)
      SELECT DISTINCT player_id, ended_at, game_id FROM archived, unnest(player_ids) AS p (player_id)
    )
    SELECT ${historyColumns("h")} FROM archived h`,
};
