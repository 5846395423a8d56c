import { assertGameId, type GameId } from "@turnkeep/core";
import type { RemoveOptions, StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import { findHistoryStatement } from "../history/find-history.js";
import { claimTombstone, lockGame, markGone } from "../locked-row.js";

/** Makes the row a tombstone, its log gone; returns the status before. What is archived stays so. */
export async function remove(
  db: Database,
  gameId: GameId,
  { markMissing = false, ...options }: CallOptions & RemoveOptions = {},
): Promise<StoredStatus> {
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    let [row] = await session.run(lockGame, [gameId]);
    if (!row) {
      if ((await session.run(findHistoryStatement, [gameId])).length > 0) return "archived";
      const marked = !markMissing || (await session.run(claimTombstone, [gameId, "deleted", "unknown", 0])).length > 0;
      if (!marked) [row] = await session.run(lockGame, [gameId]);
      if (!row) return "missing";
    }
    if (row.status !== "archived" && row.status !== "deleted") {
      await session.run(markGone, [gameId, "deleted", null, null, null, null, null]);
    }
    return row.status;
  });
}
