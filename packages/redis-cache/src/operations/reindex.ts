import { type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { ReindexOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt } from "./texts.js";

/** REINDEX, game by game: marks those that the store may lack, due now; returns them. */
export async function reindex(
  context: Context,
  gameIds: readonly GameId[],
  { rows, signal }: ReindexOptions = {},
): Promise<readonly GameId[]> {
  const marked = await Promise.all(gameIds.map((gameId) => reindexGame(context, gameId, rows?.get(gameId), signal)));
  return gameIds.filter((_, n) => marked[n]);
}

async function reindexGame(
  { flusher, keyring, dirtyParts }: Context,
  gameId: GameId,
  row: Version | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const keys = keyring.of(gameId);
  const version = row === undefined ? ["", ""] : [lineageOf(row), revisionOf(row)];
  const reply = await flusher.run("reindex", copyKeys(keys), [gameId, ...version], signal);
  if (textAt(reply, 0) !== "MARKED") return false;
  dirtyParts?.note(keyring.tagOf(keys.index), 0);
  return true;
}
