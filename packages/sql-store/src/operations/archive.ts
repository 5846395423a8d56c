import { assertGameId, lineageOf, type Outcome, revisionOf } from "@turnkeep/core";
import type { ArchiveReply, ArchiveRequest, UnflushedCopy } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { invalidInput } from "../errors.js";
import { type HistoryRow, toHistoryRecord } from "../rows.js";
import type { Session } from "../session.js";
import { appendLog } from "../statements/append-log.js";
import { archiveGame } from "../statements/archive-game.js";
import { findHistory } from "../statements/find-history.js";
import { type LockedRow, lockGame } from "../statements/lock-game.js";
import { markGone } from "../statements/mark-gone.js";
import { binaryTextArray } from "../text-array.js";
import { standingOf } from "./judge.js";
import { extraMembers } from "./replay.js";

/** Moves a sealed game into history in one transaction; what speaks against it is told as a flush would. */
export async function archive(
  db: Database,
  { copy, extraReplay }: ArchiveRequest,
  options: CallOptions,
): Promise<ArchiveReply> {
  const { gameId, outcome } = copy;
  assertGameId(gameId);
  if (copy.status !== "ended" || outcome === null) throw invalidInput("only a sealed copy is archived", "copy");
  if (copy.entries.length > copy.logCount) {
    throw invalidInput("a copy has more log entries than it counts", "logCount");
  }
  const extra = extraMembers(extraReplay);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    const refusal = await refuse(session, row, copy);
    if (refusal) return refusal;
    return { kind: "archived", record: toHistoryRecord(await moveToHistory(session, copy, outcome, extra)) };
  });
}

async function refuse(
  session: Session,
  row: LockedRow | undefined,
  { gameId, ...copy }: UnflushedCopy,
): Promise<ArchiveReply | null> {
  if (!row || row.status === "archived") {
    const [record] = await session.run(findHistory, [gameId]);
    if (record) return { kind: "already", record: toHistoryRecord(record) };
    return row ? { gameId, kind: "gone", status: "archived" } : { gameId, kind: "orphan" };
  }
  if (row.status === "deleted") return { gameId, kind: "gone", status: "deleted" };
  if (row.status === "quarantined") return { gameId, kind: "quarantined" };
  const standing = standingOf(row, copy);
  return standing && { gameId, ...standing };
}

async function moveToHistory(
  session: Session,
  copy: UnflushedCopy,
  outcome: Outcome,
  extra: string,
): Promise<HistoryRow> {
  const { gameId, version, entries, logCount, turnNumber, writeIds } = copy;
  if (entries.length > 0) {
    await session.run(appendLog, [gameId, logCount - entries.length + 1, binaryTextArray(entries)]);
  }
  const { winnerId, winnerIsNpc, endReason } = outcome;
  const values = [gameId, winnerId, winnerIsNpc, endReason, turnNumber, copy.state, extra];
  const [record] = [...(await session.run(archiveGame, values)), ...(await session.run(findHistory, [gameId]))];
  if (!record) throw new Error("an archived game has a history row");
  const tombstone = [gameId, "archived", lineageOf(version), revisionOf(version), writeIds, turnNumber, logCount];
  await session.run(markGone, tombstone);
  return record;
}
