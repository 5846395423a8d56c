import type { Cache } from "@turnkeep/core/ports";
import { scanPages } from "./scan-pages.js";
import type { Task } from "./task.js";

/** Marks games that hold unflushed writes but are missing from the dirty index, so that they are flushed. */
export function reindexMissing(cache: Pick<Cache, "scan" | "reindex">, everyMs: number, pageGames: number): Task {
  return {
    name: "reindex-missing",
    everyMs,
    async run(signal) {
      let done = 0;
      for await (const gameIds of scanPages(cache, pageGames, signal)) {
        done += (await cache.reindex(gameIds, { signal })).length;
      }
      return { done, failed: 0 };
    },
  };
}
