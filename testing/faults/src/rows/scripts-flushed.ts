import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

export const scriptsFlushed: FaultRow = {
  name: "scripts-flushed",
  what: "SCRIPT FLUSH",
  checks: ["liveness"],
  async inject(bed, chance) {
    for (let n = 0; n < 10; n++) {
      bed.injected();
      await bed.redis.admin((redis) => redis.script("FLUSH", "SYNC"));
      await delay(50 + chance.below(100));
    }
  },
};
