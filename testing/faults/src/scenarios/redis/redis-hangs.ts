import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** For longer than a command may take, in three ways. What was sent meanwhile is carried out afterwards. */
export const redisHangs: Scenario = {
  name: "redis-hangs",
  title: "Redis hangs: SIGSTOP, CLIENT PAUSE, DEBUG SLEEP",
  checks: ["I1"],
  async inject(environment, chance) {
    const ms = 900 + chance.below(400);
    environment.countFault();
    environment.redis.freeze();
    await sleep(ms);
    environment.redis.thaw();
    await sleep(300);
    environment.countFault();
    await environment.redis.admin((redis) => redis.call("CLIENT", "PAUSE", String(ms), "ALL"));
    await sleep(ms + 300);
    environment.countFault();
    await environment.redis.admin((redis) => redis.call("DEBUG", "SLEEP", String(ms / 1_000)));
  },
};
