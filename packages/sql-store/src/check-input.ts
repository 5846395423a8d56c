import { assertGameId, type GameId } from "@turnkeep/core";
import type { IdPage } from "@turnkeep/core/ports";
import { invalidInput } from "./errors.js";

const defaultPage = 50;
const largestPage = 500;
const largestBatch = 10_000;

/** @throws InvalidGameId */
export function assertGameIds(gameIds: readonly GameId[]): void {
  for (const gameId of gameIds) assertGameId(gameId);
}

/** How many items a page for a caller holds, however many it asks for. @throws InvalidInput */
export function pageLimit(limit: number = defaultPage): number {
  return Math.min(integer("limit", limit, 1, Number.MAX_SAFE_INTEGER), largestPage);
}

/** How many rows a batch for the manager holds. @throws InvalidInput */
export function batchLimit(limit: number): number {
  return integer("limit", limit, 1, largestBatch);
}

const lowestId = "00000000-0000-0000-0000-000000000000";

/** The values of a page by id: the lowest id, the id to leave out, and the limit. @throws InvalidGameId, InvalidInput */
export function idRange({ after, limit }: IdPage): readonly [string, string | null, number] {
  return [after === null ? lowestId : assertGameId(after), after, batchLimit(limit)];
}

/** A time span. @throws InvalidInput */
export function milliseconds(name: string, value: number): number {
  return integer(name, value, 0, Number.MAX_SAFE_INTEGER);
}

/** @throws InvalidInput */
export function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalidInput(`${name} is a whole number from ${min} to ${max}`, name);
}
