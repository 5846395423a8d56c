import type { Cache, Store } from "@turnkeep/core/ports";
import type { Task } from "../task.js";
import { scanPages } from "./scan-pages.js";

/**
 * Buries cached games that the store knows to be archived or deleted, such as those of a server killed between the
 * commit and the burial. Nothing can bring such a game back, so that what the copy holds does not matter.
 */
export function buryGone(
  cache: Pick<Cache, "scan" | "bury">,
  store: Pick<Store, "listGone">,
  everyMs: number,
  pageGames: number,
): Task {
  return {
    name: "bury-gone",
    everyMs,
    async run(signal) {
      let done = 0;
      for await (const gameIds of scanPages(cache, pageGames, signal)) {
        for (const gameId of await store.listGone(gameIds, { signal })) {
          if ((await cache.bury(gameId, undefined, { signal })) === "ok") done += 1;
        }
      }
      return { done, failed: 0 };
    },
  };
}
