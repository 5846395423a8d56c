import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { chess } from "./game.js";

/** Where the games are kept; several examples and tests may share the servers, each by a name of its own. */
export interface Servers {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly name: string;
}

const { REDIS_URL, DATABASE_URL, NAME: name = "chess_example" } = process.env;

/** `null` unless both are given. */
export const givenServers: Servers | null =
  REDIS_URL === undefined || DATABASE_URL === undefined
    ? null
    : { redisUrl: REDIS_URL, databaseUrl: DATABASE_URL, name };

/** What a process started by this one reads as its `givenServers`. */
export const environmentFor = (servers: Servers): NodeJS.ProcessEnv => ({
  ...process.env,
  REDIS_URL: servers.redisUrl,
  DATABASE_URL: servers.databaseUrl,
  NAME: servers.name,
});

/** A manager that also keeps the clocks of the games going. */
export const createChessManager = (servers: Servers) =>
  createGameStateManager({
    game: chess,
    cache: createRedisCache({ url: servers.redisUrl, keyPrefix: `${servers.name}:` }),
    store: createSqlStore({ url: servers.databaseUrl, schema: servers.name, migrateOnStart: true }),
    runServiceClock: true,
  });
export type ChessManager = ReturnType<typeof createChessManager>;
