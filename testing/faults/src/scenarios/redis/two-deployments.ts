import { isTurnkeepError } from "@turnkeep/core";
import { sleep } from "../../clock.js";
import type { Environment } from "../../environment.js";
import type { Chance } from "../../workload/seeded.js";
import type { Scenario } from "../scenario.js";

const games = 12;

/**
 * A staging system has a copy of the store, and the same Redis and key prefix. It starts again and again, also just after
 * Redis has lost everything and a server of the first has made a call. If it does start, it recovers, sweeps and plays.
 */
export const twoDeployments: Scenario = {
  name: "two-deployments",
  title: "two deployments in one Redis",
  checks: ["I1", "I5"],
  async inject(environment, chance) {
    for (let n = 0; n < 2; n++) {
      await startSecond(environment, chance);
      await environment.withLoss(
        "FLUSHALL",
        async () => void (await environment.redis.admin((redis) => redis.flushall())),
      );
      await environment.newGame(chance);
      await startSecond(environment, chance);
    }
  },
};

async function startSecond(environment: Environment, chance: Chance): Promise<void> {
  const { system, redis, postgres, journal } = environment;
  environment.countFault();
  const second = await system.openCopy({ redisUrl: redis.url, databaseUrl: postgres.url }).catch((error: unknown) => {
    if (isTurnkeepError(error, "Misconfigured")) return null;
    throw error;
  });
  if (second === null) return;
  const gameIds = journal.entries.filter(({ op }) => op === "create").map(({ gameId }) => gameId);
  const write = (n: number) => second.write(chance.pick(gameIds), `of-the-second-${n}`, "turn");
  // Whatever it is answered: what counts is what becomes of the first one's games.
  await Promise.allSettled([
    second.recover(),
    second.sweep(),
    ...Array.from({ length: games }, (_, n) => write(n)),
    sleep(600),
  ]);
  await second.close();
}
