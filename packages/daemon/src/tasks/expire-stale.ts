import type { GameStateManager } from "@turnkeep/manager";
import type { Task } from "./task.js";

/** Ends games that nobody has touched for so long, with the reason `expired`. */
export function expireStale(
  manager: Pick<GameStateManager<object>, "expireStaleGames">,
  everyMs: number,
  idleForMs: number,
): Task {
  return {
    name: "expire-stale",
    everyMs,
    async run(signal) {
      const { expired, failed } = await manager.expireStaleGames({ idleForMs, signal });
      return { done: expired, failed: failed.length };
    },
  };
}
