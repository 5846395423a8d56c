import type { GameStateManager, RecoveryProgress } from "@turnkeep/manager";
import type { Task } from "./task.js";

/** Brings live games that are missing from the cache back into it, never over a newer copy. */
export function recoverGames(
  manager: Pick<GameStateManager<object>, "recoverActiveGames">,
  everyMs: number,
  onProgress: (progress: RecoveryProgress) => void,
): Task {
  return {
    name: "recover-games",
    everyMs,
    startsLater: true,
    async run(signal) {
      const { recovered, failed } = await manager.recoverActiveGames({ signal, onProgress });
      return { done: recovered, failed: failed.length };
    },
  };
}
