import { assertGameId, type GameId, isTurnkeepError } from "@turnkeep/core";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { emptied } from "../locked-row.js";

/**
 * Writes a live or ended row, one more log entry of it and some row of history as they are, so that every constraint
 * and trigger has its say. To be rolled back. $1 id
 */
const rewriteGame: Statement = {
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

/** Makes the row the tombstone of an archived game. To be rolled back. $1 id */
const closeGame: Statement = {
  name: "close-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} SET status = 'archived', ${emptied} WHERE id = $1::uuid AND status IN ('live', 'ended')`,
};

const savepoint: Statement = { name: "savepoint", writes: false, sql: () => "SAVEPOINT rewriting" };
const undo: Statement = { name: "undo", writes: false, sql: () => "ROLLBACK TO SAVEPOINT rewriting" };

/** False if Postgres refuses what it has kept so far, such as for a constraint too many; changes nothing. */
export async function canStore(db: Database, gameId: GameId, options?: CallOptions): Promise<boolean> {
  assertGameId(gameId);
  try {
    await db.transact(options, async (session) => {
      await session.run(savepoint, []);
      await session.run(rewriteGame, [gameId]);
      await session.run(closeGame, [gameId]);
      await session.run(undo, []);
    });
    return true;
  } catch (error) {
    if (isTurnkeepError(error, "InvalidInput")) return false;
    throw error;
  }
}
