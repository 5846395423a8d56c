import type { Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import type { SaveToCacheOptions } from "../types.js";
import { reportUpdate } from "../write/compare-and-set.js";
import { makeDurable } from "../write/make-durable.js";
import { encodeNext } from "../write/reduce.js";
import { saveState } from "../write/save-state.js";
import { finishSealed } from "./update.js";

/**
 * Saves a whole state in the cache; the flusher brings it to the store. Without `version` it goes over the version
 * that this process last read or wrote. A state that is over seals and archives the game.
 * @throws GameNotFound where neither side has the game; RevisionConflict over any other version
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
  if (next.outcome !== null) {
    await finishSealed(ctx, gameId, version, signal);
    return version;
  }
  const durable = !ctx.cache.detectsFailover;
  if (durable) await makeDurable(ctx, gameId, { version, writeId }, { signal });
  ctx.log.debug({ gameId, version }, "cached");
  reportUpdate(ctx, gameId, version, durable ? "durable" : "writeBehind");
  return version;
}
