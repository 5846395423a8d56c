import type { GameStateManager } from "@turnkeep/manager";
import type { Task } from "./task.js";

/**
 * Marks cached games that the store may lack, so that they are flushed: those that are missing from the dirty index, and
 * those that are ahead of a store that was restored or has lost its last commits.
 */
export function reindexMissing(manager: Pick<GameStateManager<object>, "findUnflushed">, everyMs: number): Task {
  return {
    name: "reindex-missing",
    everyMs,
    run: async (signal) => ({ done: await manager.findUnflushed({ signal }), failed: 0 }),
  };
}
