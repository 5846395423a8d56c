import { compareDecimals, type Fence, type GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";

/** ADOPT: the version stays, and so does a fence that is newer already; a load under way loses its token. */
export function adopt(
  { space, check }: Context,
  gameId: GameId,
  lineage: string,
  fence: Fence,
  options?: CacheCallOptions,
): void {
  check(options, gameId);
  const copy = space.copy(gameId);
  if (copy === undefined || copy.epoch !== space.epoch || copy.lineage !== lineage) return;
  space.endLoad(gameId);
  if (compareDecimals(copy.fence, fence) < 0) space.put({ ...copy, fence });
}
