import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** What reached the append-only file survives the process, so that nothing at all may be lost. */
export const redisKilled: Scenario = {
  name: "redis-killed",
  title: "Redis killed, AOF on",
  checks: ["I1", "I3"],
  redis: { appendonly: true },
  async inject(environment, chance) {
    environment.countFault();
    await environment.redis.kill();
    await sleep(chance.below(300));
    await environment.redis.restart();
  },
};
