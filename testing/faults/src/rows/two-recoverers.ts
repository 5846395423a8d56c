import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Recoveries and sweeps of everything, from several servers at once, also just after everything was lost. */
export const twoRecoverers: FaultRow = {
  name: "two-recoverers",
  what: "two daemons, two recoverers",
  checks: ["I3", "I4"],
  workload: { recoverEveryMs: 20 },
  async inject(bed, chance) {
    const until = bed.journal.now() + 1_500;
    const sweeping = [1, 2].map(async (n) => {
      while (bed.journal.now() < until) {
        bed.injected();
        await bed.place(n).service.sweep();
        await delay(chance.below(20));
      }
    });
    await delay(500);
    await bed.losing("FLUSHALL", async () => void (await bed.redis.admin((redis) => redis.flushall())));
    await Promise.all(sweeping);
  },
};
