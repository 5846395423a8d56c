import type { Cache, Store } from "@turnkeep/core/ports";
import type { GameStateManager } from "@turnkeep/manager";

const pageGames = 100;

/** One round of each of the daemon's duties: lost marks, leftovers, endings, burials. */
export async function sweepOnce(
  manager: Pick<GameStateManager<object>, "flushDue" | "finishEndings">,
  cache: Pick<Cache, "scan" | "remark" | "bury">,
  store: Pick<Store, "listGone">,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Cache["scan"]>> = await cache.scan({ cursor, limit: pageGames });
    await cache.remark(page.gameIds);
    for (const gameId of await store.listGone(page.gameIds)) await cache.bury(gameId);
    cursor = page.next;
  } while (cursor !== null);
  await manager.flushDue();
  await manager.finishEndings();
}
