import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Recoveries and sweeps of everything, from several servers at once, also just after everything was lost. */
export const twoRecoverers: Scenario = {
  name: "two-recoverers",
  title: "two daemons, two recoverers",
  checks: ["I3", "I4"],
  workload: { recoverEveryMs: 20 },
  async inject(environment, chance) {
    const end = environment.journal.now() + 1_500;
    const sweeping = [1, 2].map(async (n) => {
      while (environment.journal.now() < end) {
        environment.countFault();
        await environment.site(n).service.sweep();
        await sleep(chance.below(20));
      }
    });
    await sleep(500);
    await environment.withLoss(
      "FLUSHALL",
      async () => void (await environment.redis.admin((redis) => redis.flushall())),
    );
    await Promise.all(sweeping);
  },
};
