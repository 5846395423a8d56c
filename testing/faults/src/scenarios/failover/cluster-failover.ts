import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** The other slots are played on; what the dead master had not yet replicated is lost. */
export const clusterFailover: Scenario = {
  name: "cluster-failover",
  title: "failover in a Cluster (6 nodes)",
  checks: ["I1", "I3", "I5"],
  topology: "cluster",
  drainsWithinMs: 20_000,
  async inject(environment, chance) {
    const cluster = environment.topology?.cluster;
    if (cluster === undefined) throw new Error("this scenario needs a Cluster");
    const gameId = await environment.newGame(chance);
    const slot = await cluster.slotOf(`${environment.names.keyPrefix}game:${gameId}`);
    await sleep(chance.below(300));
    const old = await cluster.masterOf(slot);
    await environment.withLoss("a master dies", () => cluster.serverAt(old).kill());
    await cluster.untilFailedOver(slot, old);
    await environment.untilPlayable(gameId);
  },
};
