import { compareDecimals, compareVersions, findWrite, type GameId, lineageOf } from "@turnkeep/game-state/core";
import type { FlushItem, FlushOutcome, UnflushedCopy } from "@turnkeep/game-state/ports";
import type { StoreSpace } from "./store-space.js";
import { type ActiveRow, appendEntries, type HistoryRow, isActive, type StoredRow, withGame } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/** FLUSH of one copy whose row is locked: written where fence and version allow it, else what the row says instead. */
export function flushRow(space: StoreSpace, item: FlushItem, transaction: MemoryTransaction): FlushOutcome {
  const { gameId } = item;
  const row = space.rows.get(gameId, transaction);
  if (!isActive(row)) return withoutActiveRow(gameId, row, space.history.get(gameId, transaction));
  if (row.game.fence === item.fence && compareVersions(row.game.version, item.version) < 0) {
    space.rows.set(gameId, writtenOver(row, item, space.now()), transaction);
    return { gameId, kind: "written" };
  }
  return notWritten(row, item);
}

/** Why there is nothing to write to. */
export function withoutActiveRow(
  gameId: GameId,
  row: Exclude<StoredRow, ActiveRow> | undefined,
  history: HistoryRow | undefined,
): Extract<FlushOutcome, { kind: "gone" | "quarantined" | "orphan" }> {
  if (row?.status === "quarantined") return { gameId, kind: "quarantined" };
  if (row !== undefined) return { gameId, kind: "gone", status: row.status };
  return history === undefined ? { gameId, kind: "orphan" } : { gameId, kind: "gone", status: "archived" };
}

/** Asked in this order: contained, fork, fence. One of them holds, or the copy would have been written. */
function notWritten({ game: row }: ActiveRow, item: FlushItem): FlushOutcome {
  const { gameId } = item;
  const byLineage = compareDecimals(lineageOf(row.version), lineageOf(item.version));
  const rowIsNotLower = byLineage === 0 && compareVersions(row.version, item.version) >= 0;
  const rowRemembers = item.writeId !== undefined && findWrite(row.writeIds, item.writeId) !== null;
  if (rowIsNotLower || rowRemembers) return { gameId, kind: "contained", rowVersion: row.version };
  if (byLineage > 0) return { gameId, kind: "fork", rowVersion: row.version };
  return { gameId, kind: "fence", fence: row.fence };
}

/** The row as the copy has it. Type, players, rules, start and fence stay the row's; the time is the store's own. */
export function writtenOver(row: ActiveRow, copy: UnflushedCopy, now: number): ActiveRow {
  const written = withGame(row, {
    status: copy.status,
    version: copy.version,
    state: copy.state,
    schemaVersion: copy.schemaVersion,
    turnNumber: copy.turnNumber,
    logCount: copy.logCount,
    writeIds: copy.writeIds,
    outcome: copy.outcome,
    lastActionAt: now,
  });
  return appendEntries(written, copy.entries, copy.logCount);
}
