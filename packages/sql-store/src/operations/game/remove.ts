import { assertGameId, type GameId } from "@turnkeep/core";
import type { StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import { findHistoryStatement } from "../history/find-history.js";
import { lockGame, markGone } from "../locked-row.js";

/** Makes the row a tombstone, its log gone; returns the status before. What is archived stays so. */
export async function remove(db: Database, gameId: GameId, options?: CallOptions): Promise<StoredStatus> {
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    if (!row) return (await session.run(findHistoryStatement, [gameId])).length > 0 ? "archived" : "missing";
    if (row.status !== "archived" && row.status !== "deleted") {
      await session.run(markGone, [gameId, "deleted", null, null, null, null, null]);
    }
    return row.status;
  });
}
