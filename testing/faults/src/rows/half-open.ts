import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Nothing says that the connection is dead: only time does. */
export const halfOpen: FaultRow = {
  name: "half-open",
  what: "half-open connections, to either store",
  checks: ["liveness"],
  async inject(bed, chance) {
    for (const road of ["redisRoad", "postgresRoad"] as const) {
      const swallowing = [bed.place(0), bed.place(1)].map((place) => place[road]);
      bed.injected();
      for (const one of swallowing) one.set("swallow");
      await delay(1_000 + chance.below(600));
      for (const one of swallowing) one.set("open");
      await delay(200);
    }
  },
};
