import type { RecoveryProgress } from "@turnkeep/manager";
import type { Config } from "../config.js";
import type { Parts } from "../parts.js";
import { enforceDeadlines } from "./enforce-deadlines.js";
import { evictGone } from "./evict-gone.js";
import { expireStale } from "./expire-stale.js";
import { finishEndings } from "./finish-endings.js";
import { flushLeftovers } from "./flush-leftovers.js";
import { purgeTombstones } from "./purge-tombstones.js";
import { recoverGames } from "./recover-games.js";
import { reindexMissing } from "./reindex-missing.js";
import type { Task } from "./task.js";

/** All duties, in an order in which one round of each does the most: what is marked and sealed first, what is old last. */
export function allTasks(
  { manager, cache, store, enforceDeadlines: enforce }: Parts,
  config: Config,
  onProgress: (progress: RecoveryProgress) => void,
): { readonly recover: Task; readonly others: readonly Task[] } {
  return {
    recover: recoverGames(manager, config.recoverEveryMs, onProgress),
    others: [
      reindexMissing(manager, config.reindexEveryMs),
      flushLeftovers(manager, config.flushEveryMs),
      finishEndings(manager, config.finishEveryMs),
      enforceDeadlines(enforce, config.deadlinesEveryMs),
      evictGone(cache, store, config.evictEveryMs, config.pageGames),
      expireStale(manager, config.expireEveryMs, config.staleAfterMs),
      purgeTombstones(store, config.purgeEveryMs, config.tombstonesKeptMs),
    ],
  };
}
