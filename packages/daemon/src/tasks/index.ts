import type { RecoveryProgress } from "@turnkeep/manager";
import type { Parts } from "../parts.js";
import type { DaemonSettings } from "../settings.js";
import { enforceDeadlines } from "./enforce-deadlines.js";
import { evictGone } from "./evict-gone.js";
import { expireStale } from "./expire-stale.js";
import { finishEndings } from "./finish-endings.js";
import { flushLeftovers } from "./flush-leftovers.js";
import { purgeHistory, purgeTombstones } from "./purge.js";
import { recoverGames } from "./recover-games.js";
import { reindexMissing } from "./reindex-missing.js";
import type { Task } from "./task.js";

/** All duties, in an order in which one round of each does the most: what is marked and sealed first, what is old last. */
export function allTasks(
  { manager, cache, store, enforceDeadlines: enforce }: Parts,
  settings: DaemonSettings,
  onProgress: (progress: RecoveryProgress) => void,
): { readonly recover: Task; readonly others: readonly Task[] } {
  return {
    recover: recoverGames(manager, settings.recoverEveryMs, onProgress),
    others: [
      reindexMissing(manager, settings.reindexEveryMs),
      flushLeftovers(manager, settings.flushEveryMs),
      finishEndings(manager, settings.finishEveryMs),
      ...(enforce === null ? [] : [enforceDeadlines(enforce, settings.deadlinesEveryMs)]),
      evictGone(cache, store, settings.evictEveryMs, settings.pageGames),
      expireStale(manager, settings.expireEveryMs, settings.staleAfterMs),
      purgeTombstones(store, settings.purgeEveryMs, settings.tombstonesKeptMs),
      ...(settings.historyKeptMs === 0 ? [] : [purgeHistory(store, settings.purgeEveryMs, settings.historyKeptMs)]),
    ],
  };
}
