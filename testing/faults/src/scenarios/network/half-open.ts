import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** The connections stand and carry nothing, so that only a timeout can detect it. */
export const halfOpen: Scenario = {
  name: "half-open",
  title: "half-open connections, to either store",
  checks: ["liveness"],
  async inject(environment, chance) {
    for (const proxy of ["redisProxy", "postgresProxy"] as const) {
      const swallowing = [environment.site(0), environment.site(1)].map((site) => site[proxy]);
      environment.countFault();
      for (const one of swallowing) one.set("swallow");
      await sleep(1_000 + chance.below(600));
      for (const one of swallowing) one.set("open");
      await sleep(200);
    }
  },
};
