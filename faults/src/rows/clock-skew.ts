import { setTimeout as delay } from "node:timers/promises";
import { cannotFakeClock, fakeClock } from "../fake-clock.js";
import type { FaultRow } from "../fault-row.js";
import type { Chance } from "../seeded.js";

const anHourOff = (chance: Chance) => fakeClock(chance.pick([-1, 1]));

const skewed = (name: string, whose: string, own: Partial<FaultRow>): FaultRow => ({
  name,
  what: `clock skew: ${whose} is an hour off`,
  checks: ["I5"],
  onDemand: true,
  cannotRun: cannotFakeClock,
  async inject(bed) {
    bed.injected();
    await delay(1_500);
  },
  ...own,
});

export const skewedRedis = skewed("clock-skew-redis", "Redis", {
  redis: async (chance) => ({ env: await anHourOff(chance) }),
});

export const skewedPostgres = skewed("clock-skew-postgres", "Postgres", {
  ownPostgres: async (chance) => ({ options: { env: await anHourOff(chance) }, remove: async () => {} }),
});
