import type { Store } from "@turnkeep/core/ports";
import type { Task } from "./task.js";

/** Deletes the records and replays of games that ended so long ago. */
export function purgeHistory(store: Pick<Store, "purgeHistory">, everyMs: number, olderThanMs: number): Task {
  return {
    name: "purge-history",
    everyMs,
    run: async (signal) => ({ done: await store.purgeHistory(olderThanMs, { signal }), failed: 0 }),
  };
}

/** Deletes tombstones that no retry of a creation can need any more. */
export function purgeTombstones(store: Pick<Store, "purgeTombstones">, everyMs: number, olderThanMs: number): Task {
  return {
    name: "purge-tombstones",
    everyMs,
    run: async (signal) => ({ done: await store.purgeTombstones(olderThanMs, { signal }), failed: 0 }),
  };
}
