import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

export const redisEmpty: Scenario = {
  name: "redis-empty",
  title: "Redis comes back empty",
  checks: ["I1", "I5"],
  async inject(environment, chance) {
    await environment.withLoss("Redis comes back empty", async () => {
      await environment.redis.kill();
      await sleep(chance.below(300));
      await environment.redis.restart("nothing");
    });
  },
};
