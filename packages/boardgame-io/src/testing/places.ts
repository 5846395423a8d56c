import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import type { BoardgameStorageOptions } from "../storage.js";

/** One cache and one store that any number of storages share, as processes do. */
export interface Place {
  stores(): Pick<BoardgameStorageOptions<unknown>, "cache" | "store">;
}

export function inMemory(): Place {
  const [cacheSpace, storeSpace] = [createCacheSpace(), createStoreSpace()];
  return {
    stores: () => ({
      cache: createMemoryCache({ space: cacheSpace }),
      store: createMemoryStore({ space: storeSpace }) as BoardgameStorageOptions<unknown>["store"],
    }),
  };
}

export function onServers(name = uniqueName("boardgame_io")): Place {
  const { redisUrl, databaseUrl } = testServers();
  return {
    stores: () => ({
      cache: createRedisCache({ url: redisUrl, keyPrefix: `${name}:`, commandTimeoutMs: patienceMs }),
      store: createSqlStore({
        url: databaseUrl,
        schema: name,
        migrateOnStart: true,
      }) as BoardgameStorageOptions<unknown>["store"],
    }),
  };
}
