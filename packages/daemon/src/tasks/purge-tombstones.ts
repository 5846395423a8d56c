import type { Store } from "@turnkeep/core/ports";
import type { Task } from "./task.js";

/** Deletes tombstones that no retry of a creation can need any more. */
export function purgeTombstones(store: Pick<Store, "purgeTombstones">, everyMs: number, olderThanMs: number): Task {
  return {
    name: "purge-tombstones",
    everyMs,
    run: async (signal) => ({ done: await store.purgeTombstones(olderThanMs, { signal }), failed: 0 }),
  };
}
