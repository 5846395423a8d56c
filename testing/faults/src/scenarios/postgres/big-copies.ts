import { sleep } from "../../clock.js";
import type { Environment } from "../../environment.js";
import type { Scenario } from "../scenario.js";

const games = 50;
const bytes = 3 * 1_048_576;
const drainWithinMs = 8_000;

/** The backlog drains although no reply could hold all of it, and no call waits for that or fails. */
export const bigCopies: Scenario = {
  name: "big-copies",
  title: "big copies after an outage of Postgres",
  checks: ["I5", "liveness"],
  workload: { writers: 2, readers: 2, games: 12, recoverEveryMs: 0 },
  async inject(environment, chance) {
    const { calls, journal, postgres } = environment;
    const other = await environment.newGame(chance);
    const big = await Promise.all(Array.from({ length: games }, (_, n) => environment.newGame(chance, n % 3)));
    environment.countFault();
    await postgres.kill();
    for (const [n, gameId] of big.entries()) {
      const { outcome, error } = await calls.write(n % 3, gameId, `ballast-${n}`, "writeBehind", bytes);
      if (outcome !== "done") throw new Error(`a game did not become big: ${error}`);
    }
    const from = journal.now();
    await postgres.restart();
    for (let n = 0; (await dirtyAmong(environment, big)) > 0; n++) {
      await calls.write(n % 3, other, `meanwhile-${n}`, "writeBehind");
      await sleep(20);
      const tookMs = journal.now() - from;
      if (tookMs > drainWithinMs * journal.slowness) throw new Error(`big games wait after ${Math.round(tookMs)} ms`);
    }
    const isRefused = ({ error, seen }: (typeof journal.entries)[number]) =>
      error === "CacheUnavailable" || seen?.stale;
    const refused = journal.entries.filter((entry) => entry.from > from && isRefused(entry));
    // A machine that stands still for longer than a command may take is not what is looked for.
    if (refused.length >= journal.slowness)
      throw new Error(`${refused.length} calls found the cache away while big games were flushed`);
  },
};

/** How many of these games Postgres may lack. */
async function dirtyAmong({ redis, names }: Environment, gameIds: readonly string[]): Promise<number> {
  const ttls = await redis.admin((client) =>
    Promise.all(gameIds.map((gameId) => client.pttl(`${names.keyPrefix}game:${gameId}`))),
  );
  return ttls.filter((ttl) => ttl === -1).length;
}
