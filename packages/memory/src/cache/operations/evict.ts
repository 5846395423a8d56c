import type { GameId, Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, versionOf } from "../stored-copy.js";

/** EVICT: a load under way loses its token in every case, so that it cannot bring the game back. */
export function evict(
  { space, check }: Context,
  gameId: GameId,
  version?: Version,
  options?: CacheCallOptions,
): "ok" | "absent" | "newer" {
  check(options, gameId);
  const copy = space.copy(gameId);
  space.endLoad(gameId);
  if (copy !== undefined && version !== undefined && (isDirty(copy) || versionOf(copy) !== version)) return "newer";
  space.forget(gameId);
  space.dueAt.delete(gameId);
  if (copy !== undefined || version === undefined) space.publish(gameId, "gone");
  return copy === undefined ? "absent" : "ok";
}
