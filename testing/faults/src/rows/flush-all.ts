import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** The replication id stays, so that only the tokens tell a load from before the loss. */
export const flushAll: FaultRow = {
  name: "flushall",
  what: "FLUSHALL under load",
  checks: ["I2"],
  async inject(bed, chance) {
    for (let n = 0; n < 3; n++) {
      await bed.losing("FLUSHALL", async () => void (await bed.redis.admin((redis) => redis.flushall())));
      await delay(200 + chance.below(300));
    }
  },
};
