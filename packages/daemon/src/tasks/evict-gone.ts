import type { Cache, Store } from "@turnkeep/core/ports";
import { scanPages } from "./scan-pages.js";
import type { Task } from "./task.js";

/**
 * Evicts cached games that the store knows to be archived or deleted, such as those of a server killed between the
 * commit and the eviction. Nothing can bring such a game back, so that what the copy holds does not matter.
 */
export function evictGone(
  cache: Pick<Cache, "scan" | "evict">,
  store: Pick<Store, "listGone">,
  everyMs: number,
  pageGames: number,
): Task {
  return {
    name: "evict-gone",
    everyMs,
    async run(signal) {
      let done = 0;
      for await (const gameIds of scanPages(cache, pageGames, signal)) {
        for (const gameId of await store.listGone(gameIds, { signal })) {
          if ((await cache.evict(gameId, undefined, { signal })) === "ok") done += 1;
        }
      }
      return { done, failed: 0 };
    },
  };
}
