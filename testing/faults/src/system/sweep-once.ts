import type { Cache, Store } from "@turnkeep/core/ports";
import type { GameStateManager } from "@turnkeep/manager";

const pageGames = 100;

/** One round of each of the daemon's duties: what the store may lack, leftovers, endings, evictions. */
export async function sweepOnce(
  manager: Pick<GameStateManager<object>, "findUnflushed" | "flushDue" | "finishEndings">,
  cache: Pick<Cache, "scan" | "evict">,
  store: Pick<Store, "listGone">,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Cache["scan"]>> = await cache.scan({ cursor, limit: pageGames });
    for (const gameId of await store.listGone(page.gameIds)) await cache.evict(gameId);
    cursor = page.next;
  } while (cursor !== null);
  await manager.findUnflushed();
  await manager.flushDue();
  await manager.finishEndings();
}
