import { isTurnkeepError } from "@turnkeep/core";
import type { StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Context, StoreOptions } from "../context.js";
import { gameOrphaned, notEvicted } from "../errors.js";
import { type Eviction, evict } from "../flush/evict.js";
import { flushGame } from "../flush/flush-game.js";
import { loadGame } from "../load/load-game.js";
import { retryUntil } from "../util/retry.js";

export interface DeleteOptions<Tx> extends StoreOptions<Tx> {
  /** Also a finished game: its record, its replay, its place in players' lists. Default false: history keeps it. */
  readonly history?: boolean | undefined;
}

/**
 * Deletes a game on both sides, for good: the row becomes a tombstone first, so that nothing that is under way can
 * bring the game back, then the copy is evicted (in a caller's transaction, after its commit).
 * True if it was anywhere; games in history stay there, unless the options say otherwise.
 * @throws CacheUnavailable, `unknown`, if the store has deleted it and the eviction did not reach the cache: its copy
 * may be served until the call is made again or a sweep evicts it
 */
export async function deleteGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: DeleteOptions<unknown>,
): Promise<boolean> {
  const { signal, transaction } = options;
  const cached = transaction !== undefined && (await isCached(ctx, gameId, signal));
  const { stored, evicted } = await remove(ctx, gameId, options);
  if (evicted === "unreached") throw notEvicted(gameId);
  const existed = stored || cached || evicted === "ok";
  if (!existed) ctx.log.warn({ gameId }, "there was nothing to delete");
  return existed;
}

/** Whether there is a copy; `false` also while the cache is away. */
async function isCached<State extends object>(
  ctx: Context<State>,
  gameId: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return await ctx.cache.exists(gameId, { signal });
  } catch (error) {
    if (isTurnkeepError(error, "CacheUnavailable")) return false;
    throw error;
  }
}

/** As {@link deleteGame}, but true only if the store had it. */
export async function deleteFromDb<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: StoreOptions<unknown>,
): Promise<boolean> {
  return (await remove(ctx, gameId, options)).stored;
}

async function remove<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction, history = false }: DeleteOptions<unknown>,
): Promise<{ stored: boolean; evicted: Eviction | "later" }> {
  const before = await removeRow(ctx, gameId, { signal, transaction, history });
  if (transaction !== undefined) ctx.transactions.note(transaction, gameId, "gone");
  const stored =
    before === "live" || before === "ended" || before === "quarantined" || (before === "archived" && history);
  if (before === "nowhere") return { stored, evicted: "absent" };
  const finish = async () => {
    const evicted = await evict(ctx, gameId);
    if (stored || evicted === "ok") {
      ctx.events.emit("state:deleted", { gameId });
      ctx.log.info({ gameId }, "deleted");
    }
    return evicted;
  };
  if (transaction === undefined) return { stored, evicted: await finish() };
  ctx.store.afterCommit(transaction, async () => {
    await finish();
  });
  return { stored, evicted: "later" };
}

/**
 * A copy without a row may belong to a game that is being created right now, so the row is looked for once more before
 * the copy is evicted: an eviction must not take what was written to a live game. If there is still none, a tombstone is
 * made, so that no flush of the copy brings the game back. Without a copy there is none to evict.
 */
async function removeRow<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: DeleteOptions<unknown>,
): Promise<StoredStatus | "nowhere"> {
  const before = await ctx.store.remove(gameId, options);
  if (before !== "missing") return before;
  if (!(await ctx.cache.exists(gameId, { signal: options.signal }))) return "nowhere";
  return ctx.store.remove(gameId, { ...options, markMissing: true });
}

/**
 * Evicts a game's copy and nothing more: what the store lacks of it is flushed first. True if there was one.
 * @throws StoreUnavailable, GameOrphaned, CacheUnavailable: then the copy is still there
 */
export async function deleteFromCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal }: CallOptions,
): Promise<boolean> {
  return retryUntil({ runtime: ctx.runtime, gameId, signal }, async () => {
    const flushed = await flushGame(ctx, gameId, signal, ctx.settings.durableWithinMs);
    if (flushed === "orphan") throw gameOrphaned(gameId);
    if (flushed === "archived" || flushed === "deleted" || flushed === "quarantined") return true;
    const copy = await ctx.cache.claimGame(gameId, {}, { signal });
    if (copy !== null) {
      const evicted = await ctx.cache.evict(gameId, copy.version, { signal });
      if (evicted === "ok") ctx.localCopies.drop(gameId);
      return evicted === "newer" ? "again" : evicted === "ok";
    }
    if (!(await ctx.cache.exists(gameId, { signal }))) return false;
    // Unverified: it has to be compared with the store before it is evicted.
    await loadGame(ctx, gameId, { signal, keep: false });
    return "again";
  });
}
