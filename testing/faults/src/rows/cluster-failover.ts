import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** The other slots are played on; what the dead master had not yet replicated is lost. */
export const clusterFailover: FaultRow = {
  name: "cluster-failover",
  what: "failover in a Cluster (6 nodes)",
  checks: ["I1", "I3", "I5"],
  topology: "cluster",
  drainsWithinMs: 20_000,
  async inject(bed, chance) {
    const cluster = bed.topology?.cluster;
    if (cluster === undefined) throw new Error("this row needs a Cluster");
    const gameId = await bed.newGame(chance);
    const slot = await cluster.slotOf(`${bed.names.keyPrefix}game:${gameId}`);
    await delay(chance.below(300));
    const old = await cluster.masterOf(slot);
    await bed.losing("a master dies", () => cluster.serverAt(old).kill());
    await cluster.untilFailedOver(slot, old);
    await bed.untilPlayable(gameId);
  },
};
