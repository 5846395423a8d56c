import { assertGameId, type GameId } from "@turnkeep/core";
import type { StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { findHistory } from "../statements/find-history.js";
import { lockGame } from "../statements/lock-game.js";
import { markGone } from "../statements/mark-gone.js";

/** Makes the row a tombstone, its log gone; returns the status before. What is archived stays so. */
export async function remove(db: Database, gameId: GameId, options: CallOptions): Promise<StoredStatus> {
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    if (!row) return (await session.run(findHistory, [gameId])).length > 0 ? "archived" : "missing";
    if (row.status !== "archived" && row.status !== "deleted") {
      await session.run(markGone, [gameId, "deleted", null, null, null, null, null]);
    }
    return row.status;
  });
}
