import { verify } from "@turnkeep/operations";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Scenario } from "../scenario.js";

const verifiedMs = 3_000;

/** Nothing is broken: both stores are compared all the time, and no comparison may report a game. */
export const verifiedPlay: Scenario = {
  name: "verified-play",
  title: "play that is verified in a loop",
  checks: ["I3", "I5"],
  workload: { closingsPerSecond: 4, creationsPerSecond: 20 },
  async inject(environment) {
    const { schema, keyPrefix } = environment.names;
    const cache = createRedisCache({ url: environment.redis.url, keyPrefix });
    const store = createSqlStore({ url: environment.postgres.url, schema });
    try {
      await Promise.all([cache.start(), store.start()]);
      const end = environment.journal.now() + verifiedMs;
      while (environment.journal.now() < end) {
        for await (const event of verify({ cache, store }, { pageGames: 20 })) {
          if (event.kind !== "finding") continue;
          throw new Error(`a sound game is reported: ${JSON.stringify(event.finding)}`);
        }
        environment.countFault();
      }
    } finally {
      await Promise.all([cache.close(), store.close()]);
    }
  },
};
