import { type Interceptable, interceptable } from "@turnkeep/conformance";
import { type Counter, type CounterView, counterGame } from "@turnkeep/conformance/counter-game";
import type { Cache, Store } from "@turnkeep/core/ports";
import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import { Sequelize, type Transaction } from "sequelize";
import { createGameStateManager } from "../../create-manager.js";
import type { GameStateManager } from "../../manager.js";
import type { ManagerSettings } from "../../settings.js";
import { nestSettings } from "./nest-settings.js";

export interface RealServer {
  readonly manager: GameStateManager<Counter, CounterView, Transaction>;
  readonly cache: Interceptable<Cache>;
  readonly store: Interceptable<Store<Transaction>>;
}

/** A real Redis and a real Postgres, with a key prefix and a schema of its own. */
export interface RealWorld {
  readonly redis: Redis;
  readonly sequelize: Sequelize;
  readonly keyPrefix: string;
  readonly schema: string;
  readonly store: Store<Transaction>;
  server(settings?: Partial<ManagerSettings>): Promise<RealServer>;
  /** Ends the servers of one test. */
  closeServers(): Promise<void>;
  close(): Promise<void>;
}

/** @param redisUrl default: the Redis of the test run */
export async function openRealWorld(redisUrl = testServers().redisUrl): Promise<RealWorld> {
  const keyPrefix = `${uniqueName("manager")}:`;
  const schema = uniqueName("manager");
  const redis = new Redis(redisUrl);
  const sequelize = new Sequelize(testServers().databaseUrl, { logging: false });
  const store = createSqlStore({ sequelize, schema });
  await store.migrate();
  await store.start();
  const managers: GameStateManager<Counter, CounterView, Transaction>[] = [];
  const closeServers = async () => {
    await Promise.all(managers.splice(0).map((manager) => manager.close()));
  };

  return {
    redis,
    sequelize,
    keyPrefix,
    schema,
    store,
    async server(settings = {}) {
      const cache = interceptable<Cache>(createRedisCache({ url: redisUrl, keyPrefix, commandTimeoutMs: patienceMs }));
      const own = interceptable<Store<Transaction>>(createSqlStore({ sequelize, schema }));
      const manager = createGameStateManager({
        game: counterGame,
        cache: cache.port,
        store: own.port,
        ...nestSettings({ runFlusher: false, ...settings }),
      });
      await manager.start();
      managers.push(manager);
      return { manager, cache, store: own };
    },
    closeServers,
    async close() {
      await closeServers();
      await store.close();
      await sequelize.query(`DROP SCHEMA "${schema}" CASCADE`);
      await sequelize.close();
      const keys = await redis.keys(`*${keyPrefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      await redis.quit();
    },
  };
}
