import { isCanonicalUuid, TurnkeepError } from "@turnkeep/core";
import type { CacheCallOptions, ScanPage, ScanRequest } from "@turnkeep/core/ports";
import type { Context } from "../context.js";

/** SCAN: a page of ids in their order; the cursor is the last id of the page before. @throws InvalidInput */
export function scan({ space, check }: Context, { cursor, limit }: ScanRequest, options?: CacheCallOptions): ScanPage {
  check(options);
  if (cursor !== null && !isCanonicalUuid(cursor)) {
    throw new TurnkeepError("InvalidInput", "this is no cursor of a scan", { issues: ["cursor"] });
  }
  const rest = space.gameIds().filter((gameId) => cursor === null || gameId > cursor);
  const gameIds = rest.slice(0, limit);
  return { gameIds, next: rest.length > limit ? (gameIds.at(-1) ?? null) : null };
}
