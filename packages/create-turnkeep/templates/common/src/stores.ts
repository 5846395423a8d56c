import type { Cache, Store } from "@turnkeep/core/ports";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";

export interface Stores {
  readonly cache: Cache;
  readonly store: Store;
}

/**
 * Where games are kept. With REDIS_URL and DATABASE_URL: in that Redis and that Postgres, and a killed server loses
 * nothing. Without: in the memory of this process, which they last as long as.
 */
export function openStores(): () => Stores {
  const { REDIS_URL, DATABASE_URL } = process.env;
  if (Boolean(REDIS_URL) !== Boolean(DATABASE_URL)) throw new Error("set both REDIS_URL and DATABASE_URL, or neither");
  if (REDIS_URL && DATABASE_URL) {
    return () => ({
      cache: createRedisCache({ url: REDIS_URL, keyPrefix: "my-game:" }),
      store: createSqlStore({ url: DATABASE_URL, schema: "my_game", migrateOnStart: true }),
    });
  }
  const [cacheSpace, storeSpace] = [createCacheSpace(), createStoreSpace()];
  return () => ({ cache: createMemoryCache({ space: cacheSpace }), store: createMemoryStore({ space: storeSpace }) });
}
