import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** The newer rows win over what the old file brings back. */
export const redisRewound: FaultRow = {
  name: "redis-rewound",
  what: "Redis rewound: an older AOF restored",
  checks: ["I1", "I3"],
  redis: { appendonly: true },
  async inject(bed, chance) {
    const older = bed.redis.save();
    await delay(300 + chance.below(600));
    await bed.losing("an older AOF is restored", async () => {
      await bed.redis.kill();
      await bed.redis.restart(older);
    });
  },
};
