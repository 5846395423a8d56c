import type { Runtime } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore, type SqlStore } from "@turnkeep/sql-store";
import type { ConfigOf } from "../settings/read-settings.js";
import type { advancedStoreSettings, storeSettings } from "../settings/service-settings.js";

/** The settings that say where the games are, and how to reach them. */
export type StoreConfig = ConfigOf<{ usual: typeof storeSettings; advanced: typeof advancedStoreSettings }>;

export interface ComposeOptions {
  /** How Postgres lists the program's connections. */
  readonly applicationName: string;
  readonly logger: { warn(fields: object, message: string): void };
  readonly runtime: Runtime;
}

/** The cache and the store of a program, by its settings. Nothing is connected yet; the store migrates when it starts. */
export function composeStores(
  config: StoreConfig,
  { applicationName, logger, runtime }: ComposeOptions,
): { readonly cache: Cache; readonly store: SqlStore } {
  const cache = createRedisCache({
    url: config.redisUrl,
    keyPrefix: config.redisKeyPrefix,
    connectTimeoutMs: config.redisConnectTimeoutMs,
    commandTimeoutMs: config.redisCommandTimeoutMs,
    ttlMs: config.redisTtlMs,
    onWarning: (message) => logger.warn({}, message),
    runtime,
  });
  const store = createSqlStore({
    url: config.databaseUrl,
    schema: config.databaseSchema,
    poolSize: config.databasePoolSize,
    connectTimeoutMs: config.databaseConnectTimeoutMs,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    migrateOnStart: config.migrateOnStart,
    advanced: {
      applicationName,
      preparedStatements: config.databasePreparedStatements,
      sequelizePoolSize: config.databaseSequelizePoolSize,
      maxReplayLogBytes: config.maxReplayLogBytes,
    },
    runtime,
  });
  return { cache, store };
}
