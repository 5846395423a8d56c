import type { Cache, Store } from "@turnkeep/core/ports";
import type { GameStateManager } from "@turnkeep/manager";

const pageGames = 100;

/** One round of each of the daemon's duties: lost marks, leftovers, endings, evictions. */
export async function sweepOnce(
  manager: Pick<GameStateManager<object>, "flushDue" | "finishEndings">,
  cache: Pick<Cache, "scan" | "reindex" | "evict">,
  store: Pick<Store, "listGone">,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Cache["scan"]>> = await cache.scan({ cursor, limit: pageGames });
    await cache.reindex(page.gameIds);
    for (const gameId of await store.listGone(page.gameIds)) await cache.evict(gameId);
    cursor = page.next;
  } while (cursor !== null);
  await manager.flushDue();
  await manager.finishEndings();
}
