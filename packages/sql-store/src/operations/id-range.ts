import { assertGameId, type GameId } from "@turnkeep/core";
import { batchLimit } from "../check-input.js";
import type { SqlValue } from "../statement.js";

export interface IdRange {
  readonly after: GameId | null;
  readonly limit: number;
}

const LOWEST_ID = "00000000-0000-0000-0000-000000000000";

/** The values of a page by id: the lowest id, the id to leave out, and the limit. @throws InvalidGameId, InvalidInput */
export function idRange({ after, limit }: IdRange): readonly [string, string | null, number] & readonly SqlValue[] {
  return [after === null ? LOWEST_ID : assertGameId(after), after, batchLimit(limit)];
}
