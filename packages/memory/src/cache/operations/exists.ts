import type { GameId } from "@turnkeep/core";
import type { Context } from "../context.js";

/** Whether a state is there, unverified or not. */
export function exists({ space }: Context, gameId: GameId): boolean {
  return space.copy(gameId) !== undefined;
}
