import { redisCacheOptions } from "@turnkeep/redis-cache";
import { sqlStoreOptions } from "@turnkeep/sql-store";
import * as z from "zod";
import { numberFromText } from "./number-from-text.js";

const port = () => z.coerce.number().int().min(0).max(65_535);

const ofStore = sqlStoreOptions.unwrap().shape;
const ofStoreAdvanced = ofStore.advanced.unwrap().shape;
const ofCache = redisCacheOptions.unwrap().shape;

/** Where the games are. Programs that share games take these settings, and by the libraries' own rules. */
export const storeSettings = {
  databaseUrl: ofStore.url
    .unwrap()
    .describe("Postgres, as postgres://user:password@host:port/db; a Unix socket as postgres:///db?host=/folder"),
  databaseSchema: ofStore.schema.describe("Postgres schema that holds the tables"),
  redisUrl: ofCache.url
    .unwrap()
    .describe("Redis, as redis://host:port, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,…"),
  redisKeyPrefix: ofCache.keyPrefix.describe(
    "put before every key in Redis; the same for all programs that share games",
  ),
  migrateOnStart: z.stringbool().default(true).describe("bring the schema up to date before starting"),
};

/** How a process reports on itself, and how it stops. */
export const processSettings = {
  logLevel: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("least severe level that is logged"),
  metricsHost: z.string().min(1).default("127.0.0.1").describe("address on which metrics are served"),
  metricsPort: port().optional().describe("port that serves metrics for Prometheus at /metrics; 0: any free one"),
  shutdownGraceMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(10_000)
    .describe("time for work under way to finish at shutdown"),
  stopAnnouncedMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe("how long /readyz says 503 before the program stops; longer than a balancer looks away"),
};

/** Seldom changed, and the same in every program. */
export const advancedStoreSettings = {
  databasePoolSize: z.coerce
    .number()
    .pipe(ofStore.poolSize.unwrap())
    .default(10)
    .describe("connections to Postgres for games, opened as they are needed; lists take a few more"),
  databaseConnectTimeoutMs: numberFromText(ofStore.connectTimeoutMs),
  databaseStatementTimeoutMs: numberFromText(ofStore.statementTimeoutMs),
  databaseLockTimeoutMs: numberFromText(ofStore.lockTimeoutMs),
  databasePreparedStatements: z
    .stringbool()
    .default(true)
    .describe("whether statements are prepared once a connection; off for poolers that cannot keep them"),
  databaseSequelizePoolSize: numberFromText(ofStoreAdvanced.sequelizePoolSize).describe(
    "connections to Postgres for lists, migrations and transactions",
  ),
  maxReplayLogBytes: numberFromText(ofStoreAdvanced.maxReplayLogBytes),
  redisConnectTimeoutMs: numberFromText(ofCache.connectTimeoutMs),
  redisCommandTimeoutMs: numberFromText(ofCache.commandTimeoutMs),
  redisTtlMs: numberFromText(ofCache.ttlMs),
};

/** Where a program listens. */
export function listenSettings(defaultPort: number, what: string) {
  return {
    host: z.string().min(1).default("127.0.0.1").describe(`address of ${what}`),
    port: port().default(defaultPort).describe("port on that address; 0: any free one"),
  };
}
