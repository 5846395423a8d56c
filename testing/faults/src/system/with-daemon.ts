import type { Store } from "@turnkeep/core/ports";
import { randomId, sleep } from "../clock.js";
import type { GameService } from "./system.js";

const pauseMs = 100;

/** The service, and a daemon beside it: while it holds the lease it recovers and sweeps, round after round. */
export function withDaemon(service: GameService, store: Pick<Store, "acquireLease">, leaseMs: number): GameService {
  const holder = randomId();
  let closing = false;
  const loop = async () => {
    while (!closing) {
      try {
        if (await store.acquireLease("faults", holder, leaseMs)) {
          await service.recover();
          await service.sweep();
        }
      } catch {
        // The next round tries it again; the checker finds what it leaves undone.
      }
      await sleep(pauseMs);
    }
  };
  const running = loop();
  return {
    ...service,
    async close() {
      closing = true;
      await running;
      await service.close();
    },
  };
}
