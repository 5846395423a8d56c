import type { GameStateManager } from "@turnkeep/manager";
import type { Task } from "./task.js";

/** Flushes what is due and nobody flushed, such as what a dead server left, until nothing more is due. */
export function flushLeftovers(manager: Pick<GameStateManager<object>, "flushDue">, everyMs: number): Task {
  return {
    name: "flush-leftovers",
    everyMs,
    async run(signal) {
      let done = 0;
      while (!signal.aborted) {
        const round = await manager.flushDue({ signal });
        done += round.written + round.contained;
        // What failed is hidden for a while and comes again; without progress another round would only repeat it.
        if (round.written + round.contained === 0) return { done, failed: round.failed };
      }
      return { done, failed: 0 };
    },
  };
}
