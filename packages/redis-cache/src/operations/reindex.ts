import { type GameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { Reindexed, ReindexOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyKeys, textAt } from "./texts.js";

/** REINDEX, game by game: marks those that the store may lack, due now; says whose metadata is newer than the row's. */
export async function reindex(
  context: Context,
  gameIds: readonly GameId[],
  options: ReindexOptions = {},
): Promise<Reindexed> {
  const replies = await Promise.all(gameIds.map((gameId) => reindexGame(context, gameId, options)));
  return {
    marked: gameIds.filter((_, n) => replies[n]?.isMarked),
    newerMetadata: gameIds.filter((_, n) => replies[n]?.hasNewerMetadata),
  };
}

async function reindexGame(
  { flusher, keyring, dirtyParts }: Context,
  gameId: GameId,
  { rows, signal }: ReindexOptions,
): Promise<{ readonly isMarked: boolean; readonly hasNewerMetadata: boolean }> {
  const keys = keyring.of(gameId);
  const row = rows?.get(gameId);
  const version = row === undefined ? ["", ""] : [lineageOf(row.version), revisionOf(row.version)];
  const args = [gameId, ...version, row?.metadataVersion ?? ""];
  const reply = await flusher.run("reindex", copyKeys(keys), args, signal);
  const isMarked = textAt(reply, 0) === "MARKED";
  if (isMarked) dirtyParts?.note(keyring.tagOf(keys.index), 0);
  return { isMarked, hasNewerMetadata: textAt(reply, 1) === "1" };
}
