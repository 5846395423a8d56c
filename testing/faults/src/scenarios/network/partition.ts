import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** One server loses its connection to both stores, then to one of them, while the others play on. */
export const partition: Scenario = {
  name: "partition",
  title: "a server cut off from its stores",
  checks: ["I1"],
  async inject(environment, chance) {
    const { redisProxy, postgresProxy } = environment.site(0);
    for (const proxies of [[redisProxy, postgresProxy], [redisProxy], [postgresProxy]]) {
      environment.countFault();
      for (const proxy of proxies) proxy.set("refuse");
      await sleep(400 + chance.below(400));
      for (const proxy of proxies) proxy.set("open");
      await sleep(150);
    }
  },
};
