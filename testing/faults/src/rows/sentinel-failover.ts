import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Three Sentinels promote one of two replicas; what the dead master had not yet replicated is lost. */
export const sentinelFailover: FaultRow = {
  name: "sentinel-failover",
  what: "failover by Sentinel (3 + 1 + 2)",
  checks: ["I1", "I3", "I5"],
  topology: "sentinel",
  drainsWithinMs: 20_000,
  async inject(bed, chance) {
    const group = bed.topology?.sentinels;
    if (group === undefined) throw new Error("this row needs Sentinels");
    const gameId = await bed.newGame(chance);
    await delay(chance.below(300));
    const old = await group.masterPort();
    await bed.losing("the master dies", () => group.serverAt(old).kill());
    await group.untilFailedOver(old);
    await bed.untilPlayable(gameId);
  },
};
