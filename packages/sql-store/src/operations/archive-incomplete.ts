import { assertGameId } from "@turnkeep/core";
import type { IncompleteArchiveReply, IncompleteArchiveRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { toHistoryRecord } from "../rows.js";
import { archiveIncomplete as archiveStatement } from "../statements/archive-incomplete.js";
import { claimTombstone } from "../statements/claim-tombstone.js";
import { findHistory } from "../statements/find-history.js";
import { lockGame } from "../statements/lock-game.js";
import { incompleteReplay } from "./replay.js";

/**
 * Writes history for a game without an active row. Its tombstone is made first, in the same transaction: a creation
 * of the same id then either came before, and is found, or waits and finds the tombstone.
 */
export async function archiveIncomplete(
  db: Database,
  request: IncompleteArchiveRequest,
  options: CallOptions,
): Promise<IncompleteArchiveReply> {
  const { gameId, gameType, playerIds, npcId, outcome, turnCount } = request;
  assertGameId(gameId);
  const replay = incompleteReplay(request);
  return db.transact(options, async (session) => {
    const [known] = await session.run(findHistory, [gameId]);
    if (known) return { kind: "already", record: toHistoryRecord(known) };
    const [claimed] = await session.run(claimTombstone, [gameId, gameType, turnCount]);
    if (!claimed) {
      const [row] = await session.run(lockGame, [gameId]);
      if (row?.status === "deleted") return { kind: "deleted" };
      if (row?.status !== "archived") return { kind: "active" };
    }
    const { winnerId, winnerIsNpc, endReason } = outcome;
    const values = [gameId, gameType, playerIds, npcId, winnerId, winnerIsNpc, endReason, turnCount, replay];
    const [record] = await session.run(archiveStatement, values);
    if (record) return { kind: "archived", record: toHistoryRecord(record) };
    const [other] = await session.run(findHistory, [gameId]);
    if (other) return { kind: "already", record: toHistoryRecord(other) };
    throw new Error("an archived game has a history row");
  });
}
