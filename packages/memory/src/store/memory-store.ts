import { bindOperations, type Store, type StoreLifecycle } from "@turnkeep/core/ports";
import { Database } from "./database.js";
import { archive } from "./operations/end/archive.js";
import { archiveIncomplete } from "./operations/end/archive-incomplete.js";
import { purgeHistory, purgeTombstones } from "./operations/end/purge.js";
import { canStore } from "./operations/flush/can-store.js";
import { flush } from "./operations/flush/flush.js";
import { create } from "./operations/game/create.js";
import { overwrite } from "./operations/game/overwrite.js";
import { quarantine, readQuarantined, release } from "./operations/game/quarantine.js";
import { lock, read } from "./operations/game/read.js";
import { recreate } from "./operations/game/recreate.js";
import { remove } from "./operations/game/remove.js";
import { setMetadata } from "./operations/game/set-metadata.js";
import { findWrite, status } from "./operations/game/status.js";
import { findHistory, readReplay } from "./operations/history/find-history.js";
import { listHistory } from "./operations/history/list-history.js";
import { readLog } from "./operations/history/read-log.js";
import { countActive, countByRules, countQuarantined } from "./operations/lists/count-active.js";
import { listActive } from "./operations/lists/list-active.js";
import { digests, inspect, listGone, listVersions } from "./operations/lists/list-by-ids.js";
import { listGames } from "./operations/lists/list-games.js";
import { listIds } from "./operations/lists/list-ids.js";
import { load, loadPage } from "./operations/load/load.js";
import { belongTo } from "./operations/shared-work/belong-to.js";
import { beatServiceClock, now } from "./operations/shared-work/clock.js";
import { acquireLease, releaseLease } from "./operations/shared-work/leases.js";
import type { StoreSpace } from "./store-space.js";
import type { MemoryTransaction } from "./transaction.js";

/**
 * The store port over a space. An operation that changes something locks its rows first, then works in one synchronous
 * step, in the caller's transaction or in one of its own.
 */
export interface MemoryStore extends Store<MemoryTransaction> {
  /** What this store shares with others. */
  readonly space: StoreSpace;
  /** Commits what the work did through its transaction, unless it throws. */
  transaction<T>(work: (transaction: MemoryTransaction) => Promise<T>): Promise<T>;
}

type Operations = Omit<Store<MemoryTransaction>, Exclude<keyof StoreLifecycle<MemoryTransaction>, "belongTo">>;

export function openMemoryStore(space: StoreSpace): MemoryStore {
  const db = new Database(space);
  return {
    space,
    start: async () => db.lifecycle.start(),
    close: async () => db.lifecycle.close(),
    ping: async (options) => void db.check(options),
    transaction: (work) => space.transaction(work),
    afterCommit: (transaction, hook) => transaction.afterCommit(hook),
    rootOf: (transaction) => transaction,
    ...bindOperations<Operations, Database>(() => db, {
      belongTo,
      // Life of a game
      create,
      read,
      status,
      findWrite,
      quarantine,
      readQuarantined,
      release,
      setMetadata,
      recreate,
      remove,
      // Loads
      load,
      loadPage,
      // Flushes
      flush,
      canStore,
      // Writes in a caller's transaction
      lock,
      overwrite,
      // The end of a game
      archive,
      archiveIncomplete,
      purgeHistory,
      purgeTombstones,
      // History
      readLog,
      findHistory,
      readReplay,
      listHistory,
      // Lists
      countActive,
      countQuarantined,
      countByRules,
      listActive,
      listGames,
      listIds,
      inspect,
      digests,
      listVersions,
      listGone,
      // Leases and clocks
      acquireLease,
      releaseLease,
      beatServiceClock,
      now,
    }),
  };
}
