import type { Statement } from "../statement.js";

/**
 * Writes a live or ended row, one more log entry of it and some row of history as they are, so that every constraint
 * and trigger has its say. To be rolled back. $1 id
 */
export const rewriteGame: Statement = {
  name: "rewrite-game",
  writes: true,
  sql: (t) => `
    WITH game AS (
      UPDATE ${t.games} SET state = state, last_action_at = now()
      WHERE id = $1::uuid AND status IN ('live', 'ended')
      RETURNING id, log_count
    ), ended AS (
      UPDATE ${t.history} SET replay_data = replay_data
      WHERE game_id = (SELECT game_id FROM ${t.history} ORDER BY game_id LIMIT 1)
    )
    INSERT INTO ${t.log} (game_id, seq, entry)
    SELECT id, log_count + 1, 'null' FROM game
    ON CONFLICT (game_id, seq) DO NOTHING`,
};
