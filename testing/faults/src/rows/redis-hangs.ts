import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Longer than a command may take, in three ways; what was asked meanwhile is carried out later all the same. */
export const redisHangs: FaultRow = {
  name: "redis-hangs",
  what: "Redis hangs: SIGSTOP, CLIENT PAUSE, DEBUG SLEEP",
  checks: ["I1"],
  async inject(bed, chance) {
    const ms = 900 + chance.below(400);
    bed.injected();
    bed.redis.freeze();
    await delay(ms);
    bed.redis.thaw();
    await delay(300);
    bed.injected();
    await bed.redis.admin((redis) => redis.call("CLIENT", "PAUSE", String(ms), "ALL"));
    await delay(ms + 300);
    bed.injected();
    await bed.redis.admin((redis) => redis.call("DEBUG", "SLEEP", String(ms / 1_000)));
  },
};
