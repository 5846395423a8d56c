import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Its peers flush and archive what it left. */
export const serverKilled: FaultRow = {
  name: "server-killed",
  what: "servers killed",
  checks: ["I1", "I4", "I5"],
  spares: 2,
  async inject(bed, chance) {
    for (let n = 0; n < 2; n++) {
      await bed.killAndReplace(bed.place(0));
      await delay(200 + chance.below(300));
    }
  },
};
