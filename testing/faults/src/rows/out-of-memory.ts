import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Writes are refused, and what is dirty stays until Postgres has it. */
export const outOfMemory: FaultRow = {
  name: "out-of-memory",
  what: "Redis out of memory",
  checks: ["I5"],
  async inject(bed, chance) {
    const limit = (bytes: number) => bed.redis.admin((redis) => redis.config("SET", "maxmemory", String(bytes)));
    bed.injected();
    await limit(1_000_000);
    await delay(800 + chance.below(400));
    await limit(0);
  },
};
