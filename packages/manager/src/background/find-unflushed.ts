import type { GameId } from "@turnkeep/core";
import type { CallOptions, Context } from "../context.js";
import { throwIfAborted } from "../util/abort.js";

/**
 * Marks the cached copies that the store may lack, page by page, so that they are flushed: those that are dirty and
 * whose mark is lost, and clean ones that are ahead of their row since the store was restored from a backup, or has
 * failed over and lost its last commits. Returns how many. A row that is newer than its copy, or gone, stays as it is.
 * @throws StoreUnavailable, CacheUnavailable, Aborted; what was marked stays so
 */
export async function findUnflushed<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions,
): Promise<number> {
  let found = 0;
  let cursor: string | null = null;
  do {
    throwIfAborted(signal);
    const request = { cursor, limit: ctx.settings.recoveryPageGames };
    const page: Awaited<ReturnType<typeof ctx.cache.scan>> = await ctx.cache.scan(request, { signal });
    found += await markUnflushed(ctx, page.gameIds, signal);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

/** The same for these games. The rows are read first: one that is written meanwhile costs one flush in vain at most. */
export async function markUnflushed<State extends object>(
  { cache, store, log }: Context<State>,
  gameIds: readonly GameId[],
  signal: AbortSignal | undefined,
): Promise<number> {
  if (gameIds.length === 0) return 0;
  const rows = await store.listVersions(gameIds, { signal });
  const marked = await cache.reindex(gameIds, { rows, signal });
  if (marked.length > 0) log.warn({ games: marked.length }, "copies are flushed that the store may lack");
  return marked.length;
}
