import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";

/** Whether a state is there, unverified or not. */
export function exists({ space, check }: Context, gameId: GameId, options?: CacheCallOptions): boolean {
  check(options, gameId);
  return space.copy(gameId) !== undefined;
}
