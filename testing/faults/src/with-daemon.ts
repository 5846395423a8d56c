import { setTimeout as delay } from "node:timers/promises";
import type { Store } from "@turnkeep/core/ports";
import type { GameService } from "./game-service.js";

const pauseMs = 100;

/** The service, and a daemon beside it: whoever holds the lease recovers and sweeps, round after round. */
export function withDaemon(service: GameService, store: Pick<Store, "acquireLease">, leaseMs: number): GameService {
  const holder = crypto.randomUUID();
  let closing = false;
  const live = async () => {
    while (!closing) {
      try {
        if (await store.acquireLease("faults", holder, leaseMs)) {
          await service.recover();
          await service.sweep();
        }
      } catch {
        // The next round tries it again; what it leaves undone, the judge sees.
      }
      await delay(pauseMs);
    }
  };
  const living = live();
  return {
    ...service,
    async close() {
      closing = true;
      await living;
      await service.close();
    },
  };
}
