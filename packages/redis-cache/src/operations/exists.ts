import type { GameId } from "@turnkeep/core";
import type { Context } from "../context.js";

/** Whether a state is there, unverified or not. */
export async function exists({ commands, keyring }: Context, gameId: GameId, signal?: AbortSignal): Promise<boolean> {
  const { state } = keyring.of(gameId);
  return (await commands.call((client) => client.exists(state), signal)) === 1;
}
