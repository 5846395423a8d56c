import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** What the replica never received is as lost as if Redis had been wiped. */
export const laggingReplica: FaultRow = {
  name: "lagging-replica",
  what: "Redis rewound: a lagging replica promoted",
  checks: ["I1", "I3"],
  async inject(bed, chance) {
    const { replica, road } = await bed.addReplica();
    road.set("swallow");
    await delay(300 + chance.below(600));
    await bed.losing("a lagging replica is promoted", async () => {
      await bed.redis.kill();
      await replica.admin((redis) => redis.replicaof("NO", "ONE"));
      bed.leadTo(replica);
    });
  },
};
