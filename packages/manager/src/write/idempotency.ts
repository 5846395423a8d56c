import { findWrite, type Version, type WriteId } from "@turnkeep/core";
import type { Context } from "../context.js";
import { cacheContended } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import { backOff } from "../util/abort.js";

const attempts = 10;

/**
 * The version that this write made, if the served copy remembers it, or the store where the game was archived since;
 * a copy that is lost or unverified is reconciled first, since it may be all that has the write.
 * @throws CacheUnavailable, StoreUnavailable, GameQuarantined, GameOrphaned
 */
export async function appliedBefore<State extends object>(
  ctx: Context<State>,
  gameId: string,
  writeId: WriteId,
  signal: AbortSignal | undefined,
): Promise<Version | null> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const copy = await ctx.cache.claimGame(gameId, {}, { signal });
    if (copy !== null) return findWrite(copy.writeIds, writeId);
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    if (loaded.kind === "none") {
      return loaded.status === "archived" ? ctx.store.findWrite(gameId, writeId, { signal }) : null;
    }
    await backOff(attempt, signal);
  }
  throw cacheContended(gameId);
}
