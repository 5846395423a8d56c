import { assertGameId, type GameId } from "@turnkeep/core";
import type { RemoveOptions, StoredStatus } from "@turnkeep/core/ports";
import { milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { findHistoryStatement } from "../history/find-history.js";
import { claimTombstone, lockGame, markGone } from "../locked-row.js";

/** Deletes a finished game's record and replay, and with them its players' entries. $1 id */
const forgetHistory: Statement = {
  name: "forget-history",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `DELETE FROM ${t.history} WHERE game_id = $1::uuid`,
};

/** Makes the row a tombstone, its log gone; returns the status before. What is archived stays so, unless asked for. */
export async function remove(
  db: Database,
  gameId: GameId,
  { markMissing = false, history = false, ...options }: CallOptions & RemoveOptions = {},
): Promise<StoredStatus> {
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    let [row] = await session.run(lockGame, [gameId]);
    if (!row) {
      const isArchived = (await session.run(findHistoryStatement, [gameId])).length > 0;
      if (isArchived && !history) return "archived";
      const claims = markMissing || isArchived;
      const marked = !claims || (await session.run(claimTombstone, [gameId, "deleted", "unknown", 0])).length > 0;
      if (!marked) [row] = await session.run(lockGame, [gameId]);
      else if (isArchived) await session.run(forgetHistory, [gameId]);
      if (!row) return isArchived ? "archived" : "missing";
    }
    if (row.status === "archived" && history) {
      await session.run(forgetHistory, [gameId]);
      await session.run(markGone, [gameId, "deleted", null, null, null, null, null]);
    }
    if (row.status !== "archived" && row.status !== "deleted") {
      await session.run(markGone, [gameId, "deleted", null, null, null, null, null]);
    }
    return row.status;
  });
}

/** Deletes tombstones that were made so long ago, at most so many; returns their ids. $1 milliseconds · $2 limit */
export const purgeTombstonesStatement: Statement<{ id: string }> = {
  name: "purge-tombstones",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    DELETE FROM ${t.games} WHERE id IN (
      SELECT id FROM ${t.games}
      WHERE status IN ('archived', 'deleted') AND closed_at <= now() - $1::bigint * interval '1 millisecond'
      ORDER BY closed_at LIMIT $2::integer FOR UPDATE SKIP LOCKED
    ) RETURNING id`,
};

const batchGames = 1_000;

/** Deletes tombstones older than this, a batch at a time; returns how many. */
export async function purgeTombstones(db: Database, olderThanMs: number, options?: CallOptions): Promise<number> {
  const age = milliseconds("olderThanMs", olderThanMs);
  for (let purged = 0; ; ) {
    const rows = await db.run(purgeTombstonesStatement, [age, batchGames], options);
    purged += rows.length;
    if (rows.length < batchGames) return purged;
  }
}
