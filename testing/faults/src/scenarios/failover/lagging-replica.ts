import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** What the replica never received is as lost as if Redis had been wiped. */
export const laggingReplica: Scenario = {
  name: "lagging-replica",
  title: "Redis rewound: a lagging replica promoted",
  checks: ["I1", "I3"],
  async inject(environment, chance) {
    const { replica, proxy } = await environment.addReplica();
    proxy.set("swallow");
    await sleep(300 + chance.below(600));
    await environment.withLoss("a lagging replica is promoted", async () => {
      await environment.redis.kill();
      await replica.admin((redis) => redis.replicaof("NO", "ONE"));
      environment.routeTo(replica);
    });
  },
};
