import type { GameId } from "@turnkeep/core";
import type { ActiveGame, CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, rowArguments, textAt } from "./texts.js";

/** RESET: replaces a forked copy, which lacks what the store has, by the freshly fenced row. */
export async function reset(
  { flusher, keyring, publish, settings }: Context,
  gameId: GameId,
  forkedLineage: string,
  row: ActiveGame,
  options?: CacheCallOptions,
): Promise<boolean> {
  const keys = keyring.of(gameId);
  const args = [gameId, forkedLineage, settings.ttlMs, keys.channel, publish, ...rowArguments(row)];
  return textAt(await flusher.run("reset", copyKeys(keys), args, options?.signal), 0) === "OK";
}
