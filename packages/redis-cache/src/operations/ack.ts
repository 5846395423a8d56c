import { type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt } from "./texts.js";

/** ACK: the store has this version, and the log up to `logCount`. */
export async function ack(
  { flusher, keyring, settings }: Context,
  gameId: GameId,
  version: Version,
  logCount: number,
  options?: CacheCallOptions,
): Promise<"ok" | "newer"> {
  const args = [gameId, lineageOf(version), revisionOf(version), logCount, settings.ttlMs];
  const reply = await flusher.run("ack", copyKeys(keyring.of(gameId)), args, options?.signal);
  return textAt(reply, 0) === "OK" ? "ok" : "newer";
}
