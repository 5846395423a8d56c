import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** What reached the append-only file survives the process, so that nothing at all may be lost. */
export const redisKilled: FaultRow = {
  name: "redis-killed",
  what: "Redis killed, AOF on",
  checks: ["I1", "I3"],
  redis: { appendonly: true },
  async inject(bed, chance) {
    bed.injected();
    await bed.redis.kill();
    await delay(chance.below(300));
    await bed.redis.restart();
  },
};
