import { assertGameId, type GameId } from "@turnkeep/core";
import { invalidInput } from "./errors.js";

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 500;
const LARGEST_BATCH = 10_000;

/** @throws InvalidGameId */
export function assertGameIds(gameIds: readonly GameId[]): void {
  for (const gameId of gameIds) assertGameId(gameId);
}

/** How many items a page for a caller holds, however many it asks for. @throws InvalidInput */
export function pageLimit(limit: number = DEFAULT_PAGE): number {
  return Math.min(integer("limit", limit, 1, Number.MAX_SAFE_INTEGER), LARGEST_PAGE);
}

/** How many rows a batch for the manager holds. @throws InvalidInput */
export function batchLimit(limit: number): number {
  return integer("limit", limit, 1, LARGEST_BATCH);
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
