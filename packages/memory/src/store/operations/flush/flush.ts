import { compareVersions, containsRow } from "@turnkeep/core";
import type { FlushItem, FlushOptions, FlushOutcome, FlushReply, UnflushedCopy } from "@turnkeep/core/ports";
import { assertBatch } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import { type ActiveRow, appendEntries, isActive, withGame } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";
import { classify } from "./classify.js";

/** FLUSH: writes what may be written, all in one transaction; one outcome per copy, in the order given. */
export function flush(
  db: Database,
  items: readonly FlushItem[],
  options?: CallOptions & FlushOptions,
): Promise<readonly FlushReply[]> {
  assertBatch(items);
  const isLocked = ({ gameId }: FlushItem) =>
    options?.skipLocked === true && db.space.isLocked(gameId, options.transaction);
  const locked = new Set(items.filter(isLocked).map(({ gameId }) => gameId));
  const gameIds = items.flatMap(({ gameId }) => (locked.has(gameId) ? [] : gameId));
  return db.transact(gameIds, options, (transaction) =>
    items.map((item) =>
      locked.has(item.gameId) ? lockedOutcome(db.space, item, transaction) : flushCopy(db.space, item, transaction),
    ),
  );
}

/** What others see of a row that is held says already that the copy cannot be written; else it may be, later. */
function lockedOutcome(space: StoreSpace, item: FlushItem, transaction: MemoryTransaction): FlushReply {
  const row = space.rows.get(item.gameId, transaction);
  return isActive(row) && mayWrite(row, item)
    ? { gameId: item.gameId, kind: "locked" }
    : classify(space, item, transaction);
}

/** One copy whose row is locked: written if fence and version allow it, else what the row says instead. */
function flushCopy(space: StoreSpace, item: FlushItem, transaction: MemoryTransaction): FlushOutcome {
  const { gameId } = item;
  const row = space.rows.get(gameId, transaction);
  if (!isActive(row) || !mayWrite(row, item)) return classify(space, item, transaction);
  space.rows.set(gameId, writtenOver(row, item, space.now()), transaction);
  const hasGap = row.game.logCount < item.logCount - item.entries.length;
  return { gameId, kind: "written", ...(hasGap && { logHasGap: true }) };
}

function mayWrite({ game }: ActiveRow, item: FlushItem): boolean {
  const isHigher = compareVersions(game.version, item.version) < 0;
  return isHigher && game.fence === item.fence && containsRow(item, game.version);
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
