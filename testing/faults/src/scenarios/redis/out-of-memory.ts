import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Redis refuses writes, and what is dirty stays until Postgres has it. */
export const outOfMemory: Scenario = {
  name: "out-of-memory",
  title: "Redis out of memory",
  checks: ["I5"],
  async inject(environment, chance) {
    const limit = (bytes: number) =>
      environment.redis.admin((redis) => redis.config("SET", "maxmemory", String(bytes)));
    environment.countFault();
    await limit(1_000_000);
    await sleep(800 + chance.below(400));
    await limit(0);
  },
};
