import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";

/** Whether a state is there, unverified or not. */
export async function exists(
  { commands, keyring }: Context,
  gameId: GameId,
  options?: CacheCallOptions,
): Promise<boolean> {
  const { state } = keyring.of(gameId);
  return (await commands.call((client) => client.exists(state), options?.signal)) === 1;
}
