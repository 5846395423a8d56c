import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** What had not been replicated at the moment of the switch is lost, each time. */
export const failoverAndBack: FaultRow = {
  name: "failover-and-back",
  what: "failover and back (REPLICAOF)",
  checks: ["I1", "I3"],
  async inject(bed, chance) {
    const first = bed.redis;
    const { replica } = await bed.addReplica();
    const turnTo = async (next: typeof first, old: typeof first) => {
      await next.admin((redis) => redis.replicaof("NO", "ONE"));
      bed.leadTo(next);
      await old.admin((redis) => redis.replicaof("127.0.0.1", next.port));
    };
    await bed.losing("failover", () => turnTo(replica, first));
    await delay(300 + chance.below(500));
    await bed.inStep(first);
    await bed.losing("failback", () => turnTo(first, replica));
  },
};
