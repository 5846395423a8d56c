import { createGameStateManager } from "@turnkeep/manager";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { connectFour as game } from "./connect-four.js";

const { PORT = "3000", REDIS_URL, DATABASE_URL, DATABASE_SCHEMA = "connect_four" } = process.env;

export const port = Number(PORT);

/** On Redis and Postgres if both are given; else all games live and end with this process. */
export const manager =
  REDIS_URL === undefined || DATABASE_URL === undefined
    ? createGameStateManager({ game, cache: createMemoryCache(), store: createMemoryStore() })
    : createGameStateManager({
        game,
        cache: createRedisCache({ url: REDIS_URL }),
        store: createSqlStore({ url: DATABASE_URL, schema: DATABASE_SCHEMA, migrateOnStart: true }),
      });
