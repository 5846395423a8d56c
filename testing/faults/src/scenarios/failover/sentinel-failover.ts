import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Three Sentinels promote one of two replicas; what the dead master had not yet replicated is lost. */
export const sentinelFailover: Scenario = {
  name: "sentinel-failover",
  title: "failover by Sentinel (3 + 1 + 2)",
  checks: ["I1", "I3", "I5"],
  topology: "sentinel",
  drainsWithinMs: 20_000,
  async inject(environment, chance) {
    const group = environment.topology?.sentinels;
    if (group === undefined) throw new Error("this scenario needs Sentinels");
    const gameId = await environment.newGame(chance);
    await sleep(chance.below(300));
    const old = await group.masterPort();
    await environment.withLoss("the master dies", () => group.serverAt(old).kill());
    await group.untilFailedOver(old);
    await environment.untilPlayable(gameId);
  },
};
