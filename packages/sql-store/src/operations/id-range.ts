import { assertGameId } from "@turnkeep/core";
import type { IdPage } from "@turnkeep/core/ports";
import { batchLimit } from "../check-input.js";
import type { SqlValue } from "../statement.js";

const LOWEST_ID = "00000000-0000-0000-0000-000000000000";

/** The values of a page by id: the lowest id, the id to leave out, and the limit. @throws InvalidGameId, InvalidInput */
export function idRange({ after, limit }: IdPage): readonly [string, string | null, number] & readonly SqlValue[] {
  return [after === null ? LOWEST_ID : assertGameId(after), after, batchLimit(limit)];
}
