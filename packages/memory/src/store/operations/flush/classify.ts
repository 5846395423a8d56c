import { compareVersions, containsRow, findWrite, type GameId, lineageOf } from "@turnkeep/core";
import type { FlushItem, FlushOutcome, UnflushedCopy } from "@turnkeep/core/ports";
import type { StoreSpace } from "../../store-space.js";
import { type ActiveRow, isActive } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";

/**
 * What became of a copy that a flush does not write. A write that the row remembers is contained, whatever became of
 * the game since.
 */
export function classify(space: StoreSpace, item: FlushItem, transaction: MemoryTransaction): FlushOutcome {
  const { gameId } = item;
  const row = space.rows.get(gameId, transaction);
  const held = row !== undefined && "game" in row ? row.game : row;
  if (held !== undefined && item.writeId !== undefined && findWrite(held.writeIds, item.writeId) !== null) {
    return { gameId, kind: "contained", rowVersion: held.version };
  }
  if (!isActive(row)) return withoutActiveRow(space, gameId, transaction);
  const { version: rowVersion, fence } = row.game;
  if (lineageOf(rowVersion) === lineageOf(item.version) && compareVersions(rowVersion, item.version) >= 0) {
    return { gameId, kind: "contained", rowVersion };
  }
  return standingOf(row, item) ?? { gameId, kind: "fence", fence };
}

/** Why there is nothing to write to. */
export function withoutActiveRow(
  { rows, history }: StoreSpace,
  gameId: GameId,
  transaction: MemoryTransaction,
): Extract<FlushOutcome, { kind: "gone" | "quarantined" | "orphan" }> {
  const status = rows.get(gameId, transaction)?.status;
  if (status === "quarantined") return { gameId, kind: "quarantined" };
  if (status === "deleted") return { gameId, kind: "gone", status };
  const isArchived = status === "archived" || history.get(gameId, transaction) !== undefined;
  return isArchived ? { gameId, kind: "gone", status: "archived" } : { gameId, kind: "orphan" };
}

/** How an active row stands to a copy: it has what the copy lacks, or else its fence is another; `null`: neither. */
export function standingOf(
  { game: { version: rowVersion, fence } }: ActiveRow,
  { gameId, ...copy }: UnflushedCopy,
): Extract<FlushOutcome, { kind: "fork" | "fence" }> | null {
  if (!containsRow(copy, rowVersion)) return { gameId, kind: "fork", rowVersion };
  return fence === copy.fence ? null : { gameId, kind: "fence", fence };
}
