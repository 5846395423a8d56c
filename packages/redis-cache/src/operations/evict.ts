import type { GameId, Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt } from "./texts.js";

/** EVICT: deletes the copy and all that belongs to it, and publishes `gone`. */
export async function evict(
  { commands, keyring, publish }: Context,
  gameId: GameId,
  version?: Version,
  options?: CacheCallOptions,
): Promise<"ok" | "absent" | "newer"> {
  const keys = keyring.of(gameId);
  const args = [gameId, version ?? "", keys.channel, publish];
  const name = textAt(await commands.run("evict", copyKeys(keys), args, options?.signal), 0);
  return name === "OK" ? "ok" : name === "NEWER" ? "newer" : "absent";
}
