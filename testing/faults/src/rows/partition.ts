import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** One server loses both stores, then one of them, while the others play on. */
export const partition: FaultRow = {
  name: "partition",
  what: "a server cut off from its stores",
  checks: ["I1"],
  async inject(bed, chance) {
    const { redisRoad, postgresRoad } = bed.place(0);
    for (const roads of [[redisRoad, postgresRoad], [redisRoad], [postgresRoad]]) {
      bed.injected();
      for (const road of roads) road.set("refuse");
      await delay(400 + chance.below(400));
      for (const road of roads) road.set("open");
      await delay(150);
    }
  },
};
