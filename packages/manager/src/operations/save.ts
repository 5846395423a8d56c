import type { Version, WriteId } from "@turnkeep/core";
import type { CallOptions, Context } from "../context.js";
import { commit } from "../write/commit.js";
import { saveState } from "../write/compare-and-set.js";
import { encodeNext } from "../write/reduce.js";

export interface SaveToCacheOptions extends CallOptions {
  /** The version that the state was made from; default: the one that this process last read or wrote. */
  readonly version?: Version | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

/**
 * Saves a whole state in the cache; the flusher brings it to the store. Without `version` it goes over the version
 * that this process last read or wrote. A state that is over seals and archives the game.
 * @throws GameNotFound if neither side has the game; RevisionConflict over any other version
 */
export async function saveToCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: SaveToCacheOptions,
): Promise<Version> {
  const { signal, writeId = ctx.runtime.randomId() } = options;
  const next = encodeNext(ctx, gameId, state, []);
  const expected = options.version ?? ctx.localCopies.versionOf(gameId);
  const version = await saveState(ctx, gameId, { next, expected, writeId, signal });
  await commit(ctx, gameId, { version, writeId }, { ended: next.outcome !== null, signal });
  return version;
}
