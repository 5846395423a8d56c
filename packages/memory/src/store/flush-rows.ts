import { compareDecimals, compareVersions, containsRow, findWrite, type GameId, lineageOf } from "@turnkeep/core";
import type { FlushItem, FlushOutcome, UnflushedCopy } from "@turnkeep/core/ports";
import type { StoreSpace } from "./store-space.js";
import { type ActiveRow, appendEntries, type HistoryRow, isActive, type StoredRow, withGame } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/** FLUSH of one copy whose row is locked: written where fence and version allow it, else what the row says instead. */
export function flushRow(space: StoreSpace, item: FlushItem, transaction: MemoryTransaction): FlushOutcome {
  const { gameId } = item;
  const row = space.rows.get(gameId, transaction);
  const history = space.history.get(gameId, transaction);
  const isBelow = isActive(row) && compareVersions(row.game.version, item.version) < 0;
  if (isActive(row) && isBelow && row.game.fence === item.fence && containsRow(item, row.game.version)) {
    space.rows.set(gameId, writtenOver(row, item, space.now()), transaction);
    return { gameId, kind: "written" };
  }
  // A write that the row remembers is contained whatever became of the game since.
  const held = row === undefined || "version" in row ? row : row.game;
  if (held !== undefined && item.writeId !== undefined && findWrite(held.writeIds, item.writeId) !== null) {
    return { gameId, kind: "contained", rowVersion: held.version };
  }
  if (!isActive(row)) return withoutActiveRow(gameId, row, history);
  const byLineage = compareDecimals(lineageOf(row.game.version), lineageOf(item.version));
  if (byLineage === 0 && compareVersions(row.game.version, item.version) >= 0) {
    return { gameId, kind: "contained", rowVersion: row.game.version };
  }
  return standingOf(row, item) ?? { gameId, kind: "fence", fence: row.game.fence };
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

/** What of an active row speaks against a copy: it has what the copy lacks, or else its fence is another. */
export function standingOf(
  { game: { version: rowVersion, fence } }: ActiveRow,
  { gameId, ...copy }: UnflushedCopy,
): Extract<FlushOutcome, { kind: "fork" | "fence" }> | null {
  if (!containsRow(copy, rowVersion)) return { gameId, kind: "fork", rowVersion };
  return fence === copy.fence ? null : { gameId, kind: "fence", fence };
}

/** The row as the copy has it. Type, players, rules, start and fence stay the row's; the time is the store's own. */
export function writtenOver(row: ActiveRow, copy: UnflushedCopy, now: number): ActiveRow {
  const written = withGame(row, {
    status: copy.status,
    version: copy.version,
    state: copy.state,
    schemaVersion: copy.schemaVersion,
    turnNumber: copy.turnNumber,
    dueAt: copy.dueAt,
    logCount: copy.logCount,
    writeIds: copy.writeIds,
    outcome: copy.outcome,
    lastActionAt: now,
  });
  return appendEntries(written, copy.entries, copy.logCount);
}
