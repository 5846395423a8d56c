import { now, sleep, wallClockMs } from "../../clock.js";
import type { Environment } from "../../environment.js";
import { seededUuid } from "../../workload/seeded.js";
import type { Scenario } from "../scenario.js";

const defaultGames = 400;
const atOnce = 64;
const forMs = 3_000;
/** What Postgres needs for every row that it writes, beside what it needs anyway. */
const rowTakesMs = 5;
/** Twice the lag, which counts as a second at least, without the lag itself; and what a busy machine may add to it. */
const promisedOverdueMs = 1_500;
const busyMachineMs = 500;

/**
 * One server writes far more games than a slow Postgres takes. The variable TURNKEEP_GAMES says how many games there are
 * beside those that are played.
 */
export const saturated: Scenario = {
  name: "saturated",
  title: "one server saturated, Postgres slowed down",
  checks: ["I1", "I5"],
  drainsWithinMs: 20_000,
  async inject(environment, chance) {
    const count = Number(process.env.TURNKEEP_GAMES ?? defaultGames);
    const games = Array.from({ length: count }, () => seededUuid(chance));
    const left = games.values();
    await atOnceDo(atOnce / 4, async () => {
      for (const gameId of left) await environment.newGame(chance, 0, gameId);
    });
    environment.countFault();
    await slowDown(environment);
    const until = now() + forMs;
    let writes = 0;
    let oldestOverdueMs = 0;
    const watch = (async () => {
      while (now() < until) {
        oldestOverdueMs = Math.max(oldestOverdueMs, await overdueMs(environment));
        await sleep(50);
      }
    })();
    await atOnceDo(atOnce, async () => {
      while (now() < until) {
        const n = writes++;
        await environment.calls.write(0, games[n % count] ?? "", `saturating-${n}`, "writeBehind");
      }
    });
    await watch;
    await speedUp(environment);
    const promisedMs = promisedOverdueMs + busyMachineMs * environment.journal.slowness;
    if (oldestOverdueMs > promisedMs) throw new Error(`a flush was ${oldestOverdueMs} ms late, promised ${promisedMs}`);
  },
};

async function atOnceDo(times: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: times }, work));
}

/** For how long the most overdue game in Redis's index has been due. */
function overdueMs({ redis, names }: Environment): Promise<number> {
  return redis.admin(async (client) => {
    const [, dueAt] = await client.zrange(`${names.keyPrefix}dirty:{0}`, 0, "0", "WITHSCORES");
    return dueAt === undefined ? 0 : Math.max(0, wallClockMs() - Number(dueAt));
  });
}

async function slowDown({ postgres, names: { schema } }: Environment): Promise<void> {
  await postgres.admin(async (db) => {
    await db.query(`CREATE FUNCTION "${schema}".dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(${rowTakesMs / 1_000}); RETURN NEW; END $$`);
    await db.query(`CREATE TRIGGER dawdle BEFORE UPDATE ON "${schema}".active_games
      FOR EACH ROW EXECUTE FUNCTION "${schema}".dawdle()`);
  });
}

async function speedUp({ postgres, names: { schema } }: Environment): Promise<void> {
  await postgres.admin(async (db) => {
    await db.query(`DROP FUNCTION "${schema}".dawdle() CASCADE`);
  });
}
