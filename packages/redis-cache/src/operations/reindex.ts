import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { textAt } from "./texts.js";

/** REINDEX, game by game: marks those again that are dirty but missing from the index, due now; returns them. */
export async function reindex(
  context: Context,
  gameIds: readonly GameId[],
  options?: CacheCallOptions,
): Promise<readonly GameId[]> {
  const marked = await Promise.all(gameIds.map((gameId) => reindexGame(context, gameId, options?.signal)));
  return gameIds.filter((_, n) => marked[n]);
}

async function reindexGame(
  { flusher, keyring, dirtyParts }: Context,
  gameId: GameId,
  signal?: AbortSignal,
): Promise<boolean> {
  const { state, metadata, index, deployment } = keyring.of(gameId);
  const reply = await flusher.run("reindex", [state, metadata, index, deployment], [gameId], signal);
  if (textAt(reply, 0) !== "MARKED") return false;
  dirtyParts?.note(keyring.tagOf(index), 0);
  return true;
}
