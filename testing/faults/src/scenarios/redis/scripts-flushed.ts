import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

export const scriptsFlushed: Scenario = {
  name: "scripts-flushed",
  title: "SCRIPT FLUSH",
  checks: ["liveness"],
  async inject(environment, chance) {
    for (let n = 0; n < 10; n++) {
      environment.countFault();
      await environment.redis.admin((redis) => redis.script("FLUSH", "SYNC"));
      await sleep(50 + chance.below(100));
    }
  },
};
