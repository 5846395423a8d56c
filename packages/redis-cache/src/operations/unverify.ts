import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt, toUnflushedCopy } from "./texts.js";

/** UNVERIFY: one game's copy, which is unverified from now on. Asked where writes go, so that none comes in between. */
export async function unverify(
  { commands, keyring, publish }: Context,
  gameId: GameId,
  options?: CacheCallOptions,
): Promise<UnflushedCopy | null> {
  const keys = keyring.of(gameId);
  const reply = await commands.run(
    "unverify",
    copyKeys(keys),
    [gameId, keys.channel, publish],
    options?.signal,
    "bulk",
  );
  return textAt(reply, 0) === "COPY" ? toUnflushedCopy(reply[1]) : null;
}
