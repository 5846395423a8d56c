import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { toUnflushed } from "../stored-copy.js";

/** UNVERIFY: one game's copy, which is unverified from now on; a load under way loses its token. */
export function unverify({ space, check }: Context, gameId: GameId, options?: CacheCallOptions): UnflushedCopy | null {
  check(options, gameId);
  const copy = space.copy(gameId);
  space.endLoad(gameId);
  space.publish(gameId, "gone");
  if (copy === undefined) return null;
  space.makeUnverified(gameId);
  return toUnflushed(copy);
}
