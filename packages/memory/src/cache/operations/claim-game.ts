import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, toUnflushed } from "../stored-copy.js";

/** CLAIM-GAME: one game's copy for a flush, due or not; hides nothing. */
export function claimGame(
  { space, check }: Context,
  gameId: GameId,
  { onlyDirty = false }: { onlyDirty?: boolean } = {},
  options?: CacheCallOptions,
): UnflushedCopy | null {
  check(options, gameId);
  const copy = space.copy(gameId);
  if (copy === undefined) space.dueAt.delete(gameId);
  if (copy === undefined || copy.epoch !== space.epoch) return null;
  if (!isDirty(copy)) space.dueAt.delete(gameId);
  return onlyDirty && !isDirty(copy) ? null : toUnflushed(copy);
}
