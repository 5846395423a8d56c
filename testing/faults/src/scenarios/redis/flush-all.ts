import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** The replication id stays, so that only its lost token shows that a load began before the loss. */
export const flushAll: Scenario = {
  name: "flushall",
  title: "FLUSHALL under load",
  checks: ["I2"],
  async inject(environment, chance) {
    for (let n = 0; n < 3; n++) {
      await environment.withLoss(
        "FLUSHALL",
        async () => void (await environment.redis.admin((redis) => redis.flushall())),
      );
      await sleep(200 + chance.below(300));
    }
  },
};
