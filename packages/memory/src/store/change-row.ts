import { assertWriteId, type GameId, rememberWrite, revisionOf, toVersion } from "@turnkeep/core";
import type { ActiveGame, CreateReply, LoadReply, NewGame, OverwriteRequest, StoredStatus } from "@turnkeep/core/ports";
import type { StoreSpace } from "./store-space.js";
import { appendEntries, isActive, toLoadReply, tombstoneOf, withGame } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/* Changes of one row that is locked already. */

/** CREATE: only where the id was never in use, as far as rows, tombstones and history tell. */
export function createRow(space: StoreSpace, request: NewGame, transaction: MemoryTransaction): CreateReply {
  const { gameId, writeId, ...facts } = request;
  assertWriteId(writeId);
  const row = space.rows.get(gameId, transaction);
  if (row !== undefined) return { kind: "exists", status: row.status };
  if (space.history.get(gameId, transaction) !== undefined) return { kind: "exists", status: "archived" };
  const fence = space.drawFence();
  const version = toVersion(fence, "1");
  const now = space.now();
  const game: ActiveGame = {
    ...facts,
    gameId,
    status: "live",
    version,
    fence,
    logCount: 0,
    writeIds: rememberWrite("", writeId, version),
    outcome: null,
    startedAt: now,
    lastActionAt: now,
  };
  space.rows.set(gameId, { status: "live", game, initialState: request.state, log: [] }, transaction);
  return { kind: "created", game };
}

/** LOAD: a fresh fence, so that flushes of copies that were loaded before find theirs too old. */
export function fenceRow(space: StoreSpace, gameId: GameId, transaction: MemoryTransaction): LoadReply {
  const row = space.rows.get(gameId, transaction);
  if (!isActive(row)) return toLoadReply(row, space.history.get(gameId, transaction));
  const fenced = withGame(row, { fence: space.drawFence() });
  space.rows.set(gameId, fenced, transaction);
  return { kind: "row", game: fenced.game };
}

/** OVERWRITE: the next revision in a lineage of its own; `null` where the row is not live at the base. */
export function overwriteRow(
  space: StoreSpace,
  request: OverwriteRequest,
  transaction: MemoryTransaction,
): ActiveGame | null {
  const { gameId, baseRevision, state, schemaVersion, turnNumber, dueAt, writeId, entries = [] } = request;
  assertWriteId(writeId);
  const row = space.rows.get(gameId, transaction);
  if (row?.status !== "live" || revisionOf(row.game.version) !== baseRevision) return null;
  const fence = space.drawFence();
  const version = toVersion(fence, String(BigInt(baseRevision) + 1n));
  const logCount = row.game.logCount + entries.length;
  const written = withGame(row, {
    version,
    fence,
    state,
    schemaVersion,
    turnNumber,
    dueAt,
    logCount,
    writeIds: rememberWrite(row.game.writeIds, writeId, version),
    lastActionAt: space.now(),
  });
  space.rows.set(gameId, appendEntries(written, entries, logCount), transaction);
  return written.game;
}

/** DELETE: leaves a tombstone; what is gone already stays as it is. Returns the status before. */
export function removeRow(space: StoreSpace, gameId: GameId, transaction: MemoryTransaction): StoredStatus {
  const row = space.rows.get(gameId, transaction);
  if (row === undefined) return space.history.get(gameId, transaction) === undefined ? "missing" : "archived";
  if (isActive(row) || row.status === "quarantined") {
    space.rows.set(gameId, tombstoneOf(row, "deleted", space.now()), transaction);
  }
  return row.status;
}

/** QUARANTINE: the row stays as it is for an operator, and nothing serves or changes it. */
export function quarantineRow(
  space: StoreSpace,
  gameId: GameId,
  reason: string,
  unreadable: Uint8Array,
  transaction: MemoryTransaction,
): boolean {
  const row = space.rows.get(gameId, transaction);
  if (!isActive(row)) return false;
  space.rows.set(gameId, { ...row, status: "quarantined", reason, unreadable: unreadable.slice() }, transaction);
  return true;
}

/** PURGE of those of these games that are tombstones still; returns how many went. */
export function purgeRows(space: StoreSpace, gameIds: readonly GameId[], transaction: MemoryTransaction): number {
  const tombstones = gameIds.filter((gameId) => {
    const status = space.rows.get(gameId, transaction)?.status;
    return status === "archived" || status === "deleted";
  });
  for (const gameId of tombstones) space.rows.set(gameId, undefined, transaction);
  return tombstones.length;
}
