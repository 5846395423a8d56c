import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

export const redisEmpty: FaultRow = {
  name: "redis-empty",
  what: "Redis comes back empty",
  checks: ["I1", "I5"],
  async inject(bed, chance) {
    await bed.losing("Redis comes back empty", async () => {
      await bed.redis.kill();
      await delay(chance.below(300));
      await bed.redis.restart("nothing");
    });
  },
};
