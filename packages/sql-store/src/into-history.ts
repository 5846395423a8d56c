import { historyColumns } from "./rows.js";
import type { Tables } from "./tables.js";

/**
 * Inserts what the query gives into history, unless the game is there already, and its players into their index;
 * returns the record that was inserted, if any. The query gives, in this order: game id, game type, player ids, NPC,
 * winner, winner is NPC, end reason, turns, seconds played, incomplete, replay, played at, ended at.
 */
export function intoHistory(t: Tables, query: string): string {
  return `
    WITH archived AS (
      INSERT INTO ${t.history} (
        game_id, game_type, player_ids, npc_id, winner_id, winner_is_npc, end_reason, turn_count, duration_seconds,
        incomplete, replay_data, played_at, ended_at)
      ${query}
      ON CONFLICT (game_id) DO NOTHING
      RETURNING *
    ), players AS (
      INSERT INTO ${t.historyPlayers} (player_id, ended_at, game_id)
      SELECT DISTINCT player_id, ended_at, game_id FROM archived, unnest(player_ids) AS p (player_id)
    )
    SELECT ${historyColumns("h")} FROM archived h`;
}
