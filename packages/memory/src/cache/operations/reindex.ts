import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty } from "../stored-copy.js";

/** REINDEX: marks again those that are dirty but missing from the index, due now; returns them. */
export function reindex(
  { space, check }: Context,
  gameIds: readonly GameId[],
  options?: CacheCallOptions,
): readonly GameId[] {
  check(options, ...gameIds);
  return gameIds.filter((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined || !isDirty(copy) || space.dueAt.has(gameId)) return false;
    space.mark(gameId, space.now());
    return true;
  });
}
