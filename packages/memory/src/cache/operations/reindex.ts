import type { GameId } from "@turnkeep/core";
import type { Context } from "../context.js";
import { isDirty } from "../stored-copy.js";

/** REINDEX: marks again those that are dirty but missing from the index, due now; returns them. */
export function reindex({ space }: Context, gameIds: readonly GameId[]): readonly GameId[] {
  return gameIds.filter((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined || !isDirty(copy) || space.dueAt.has(gameId)) return false;
    space.mark(gameId, space.now());
    return true;
  });
}
