import { setTimeout as delay } from "node:timers/promises";
import type { Bed } from "../bed.js";
import { cannotFakeClock, fakeClock } from "../fake-clock.js";
import type { FaultRow } from "../fault-row.js";
import type { Chance } from "../seeded.js";

const anHourOff = (chance: Chance) => fakeClock(chance.pick([-1, 1]));

const skewed = (
  name: string,
  whose: string,
  nowOf: (bed: Bed) => Promise<number>,
  own: Partial<FaultRow>,
): FaultRow => ({
  name,
  what: `clock skew: ${whose} is an hour off`,
  checks: ["I5"],
  onDemand: true,
  cannotRun: cannotFakeClock,
  async inject(bed) {
    const offMs = Math.abs((await nowOf(bed)) - Date.now());
    if (offMs < 3_000_000) throw new Error(`the clock is off by ${Math.round(offMs)} ms only`);
    bed.injected();
    await delay(1_500);
  },
  ...own,
});

const nowOfRedis = (bed: Bed) => bed.redis.admin(async (redis) => Number((await redis.time())[0]) * 1_000);
const nowOfPostgres = (bed: Bed) =>
  bed.postgres.admin(async (db) => (await db.query<{ now: Date }>("SELECT now()")).rows[0]?.now.getTime() ?? 0);

export const skewedRedis = skewed("clock-skew-redis", "Redis", nowOfRedis, {
  redis: async (chance) => ({ env: await anHourOff(chance) }),
});

export const skewedPostgres = skewed("clock-skew-postgres", "Postgres", nowOfPostgres, {
  ownPostgres: async (chance) => ({ options: { env: await anHourOff(chance) }, remove: async () => {} }),
});
