import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** What had not been replicated at the moment of the switch is lost, each time. */
export const failoverAndBack: Scenario = {
  name: "failover-and-back",
  title: "failover and back (REPLICAOF)",
  checks: ["I1", "I3"],
  async inject(environment, chance) {
    const first = environment.redis;
    const { replica } = await environment.addReplica();
    const switchTo = async (next: typeof first, old: typeof first) => {
      await next.admin((redis) => redis.replicaof("NO", "ONE"));
      environment.routeTo(next);
      await old.admin((redis) => redis.replicaof("127.0.0.1", next.port));
    };
    await environment.withLoss("failover", () => switchTo(replica, first));
    await sleep(300 + chance.below(500));
    await environment.inStep(first);
    await environment.withLoss("failback", () => switchTo(first, replica));
  },
};
