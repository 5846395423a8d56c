import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** The newer rows win over what the old file brings back. */
export const redisRewound: Scenario = {
  name: "redis-rewound",
  title: "Redis rewound: an older AOF restored",
  checks: ["I1", "I3"],
  redis: { appendonly: true },
  async inject(environment, chance) {
    const older = environment.redis.save();
    await sleep(300 + chance.below(600));
    await environment.withLoss("an older AOF is restored", async () => {
      await environment.redis.kill();
      await environment.redis.restart(older);
    });
  },
};
