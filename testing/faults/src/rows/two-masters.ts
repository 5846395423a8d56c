import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/**
 * One server goes on with the old master. What Postgres took from either side stays, the rest of one side is lost. A
 * forked copy is found out by its next flush, so that it may still take writes, and show what it has, until then.
 */
export const twoMasters: FaultRow = {
  name: "two-masters",
  what: "two masters",
  checks: ["I1"],
  async inject(bed, chance) {
    const { replica } = await bed.addReplica();
    const from = bed.journal.now();
    await bed.losing("two masters", async () => {
      await replica.admin((redis) => redis.replicaof("NO", "ONE"));
      bed.leadTo(replica, bed.places.slice(1));
      await delay(700 + chance.below(700));
      bed.leadTo(replica);
      await bed.untilAllFlushed("after-the-split");
    });
    bed.journal.splits.push({ from, to: bed.journal.now() });
  },
};
