import { assertGameId, TurnkeepError } from "@turnkeep/core";
import type { UnflushedCopy } from "@turnkeep/core/ports";

/** @throws InvalidInput unless the value is a whole number of at least `min` */
export function assertWhole(name: string, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min) invalid(`${name} is a whole number from ${min}`, name);
}

/** @throws InvalidGameId, InvalidInput where a game comes twice, or has more entries than it counts */
export function assertBatch(items: readonly UnflushedCopy[]): void {
  if (new Set(items.map(({ gameId }) => gameId)).size < items.length) invalid("a flush holds each game once", "items");
  for (const { gameId, entries, logCount } of items) {
    assertGameId(gameId);
    if (entries.length > logCount) invalid("a copy has more log entries than it counts", "logCount");
  }
}

/** @throws InvalidInput */
export function invalid(message: string, issue: string): never {
  throw new TurnkeepError("InvalidInput", message, { issues: [issue] });
}
