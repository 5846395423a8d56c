import { assertGameId, type GameId, isTurnkeepError } from "@turnkeep/core";
import type { CallOptions, Database } from "../database.js";
import type { Statement } from "../statement.js";
import { rewriteGame } from "../statements/rewrite-game.js";

const savepoint: Statement = { name: "savepoint", writes: false, sql: () => "SAVEPOINT rewriting" };
const undo: Statement = { name: "undo", writes: false, sql: () => "ROLLBACK TO SAVEPOINT rewriting" };

/** False where Postgres refuses what it has kept so far, such as for a constraint too many; changes nothing. */
export async function canStore(db: Database, gameId: GameId, options: CallOptions): Promise<boolean> {
  assertGameId(gameId);
  try {
    await db.transact(options, async (session) => {
      await session.run(savepoint, []);
      await session.run(rewriteGame, [gameId]);
      await session.run(undo, []);
    });
    return true;
  } catch (error) {
    if (isTurnkeepError(error, "InvalidInput")) return false;
    throw error;
  }
}
