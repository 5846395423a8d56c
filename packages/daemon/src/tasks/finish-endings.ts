import type { GameStateManager } from "@turnkeep/manager";
import type { Task } from "./task.js";

/** Archives games that were sealed and never archived, such as those of a server killed in between. */
export function finishEndings(manager: Pick<GameStateManager<object>, "finishEndings">, everyMs: number): Task {
  return {
    name: "finish-endings",
    everyMs,
    run: async (signal) => ({ done: await manager.finishEndings({ signal }), failed: 0 }),
  };
}
