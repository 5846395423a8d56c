import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt, toUnflushedCopy } from "./texts.js";

/** CLAIM-GAME: one game's copy for a flush, due or not; hides nothing. */
export async function claimGame(
  context: Context,
  gameId: GameId,
  { onlyDirty = false }: { onlyDirty?: boolean } = {},
  options?: CacheCallOptions,
): Promise<UnflushedCopy | null> {
  const copy = await copyOf(context, gameId, onlyDirty, options?.signal);
  return typeof copy === "string" ? null : copy;
}

/** The copy, or why there is none to flush. */
export async function copyOf(
  { flusher, keyring }: Context,
  gameId: GameId,
  onlyDirty: boolean,
  signal?: AbortSignal,
): Promise<UnflushedCopy | "clean" | "unverified" | "absent"> {
  const args = [gameId, onlyDirty ? "dirty" : ""];
  const reply = await flusher.run("claim-game", copyKeys(keyring.of(gameId)), args, signal, "bulk");
  switch (textAt(reply, 0)) {
    case "COPY":
      return toUnflushedCopy(reply[1]);
    case "CLEAN":
      return "clean";
    case "UNVERIFIED":
      return "unverified";
    default:
      return "absent";
  }
}
