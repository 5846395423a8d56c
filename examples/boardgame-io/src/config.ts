import { createBoardgameStorage } from "@turnkeep/boardgame-io";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";

/** Where the matches are kept; several examples and tests may share the servers, each by a name of its own. */
export interface Stores {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly name: string;
}

const { REDIS_URL, DATABASE_URL, NAME: name = "boardgame_example" } = process.env;

/** `null` unless both are given. */
export const givenStores: Stores | null =
  REDIS_URL === undefined || DATABASE_URL === undefined
    ? null
    : { redisUrl: REDIS_URL, databaseUrl: DATABASE_URL, name };

/** What a process started by this one reads as its `givenStores`. */
export const environmentFor = (stores: Stores): NodeJS.ProcessEnv => ({
  ...process.env,
  REDIS_URL: stores.redisUrl,
  DATABASE_URL: stores.databaseUrl,
  NAME: stores.name,
});

export const createStorage = (stores: Stores) =>
  createBoardgameStorage({
    cache: createRedisCache({ url: stores.redisUrl, keyPrefix: `${stores.name}:` }),
    store: createSqlStore({ url: stores.databaseUrl, schema: stores.name, migrateOnStart: true }),
  });
