import * as z from "zod";

const port = () => z.coerce.number().int().min(0).max(65_535);

/** Where the games are. Programs that share games take these settings, and by the same rules. */
export const storeSettings = {
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres, as postgres://user:password@host:port/db"),
  databaseSchema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .default("turnkeep")
    .describe("Postgres schema that holds the tables"),
  redisUrl: z
    .string()
    .regex(/^rediss?(-sentinel|-cluster)?:\/\/[^\s/]+(\/\S*)?$/, "is no URL of Redis")
    .describe("Redis, as redis://host:port, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,…"),
  redisKeyPrefix: z
    .string()
    .regex(/^[^{}]*$/)
    .default("")
    .describe("put before every key in Redis; the same for all programs that share games"),
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
};

/** Seldom changed, and the same in every program. */
export const advancedStoreSettings = {
  databasePoolSize: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .describe("connections to Postgres for games, opened as they are needed; lists take a few more"),
};

/** Where a program listens. */
export function listenSettings(defaultPort: number, what: string) {
  return {
    host: z.string().min(1).default("127.0.0.1").describe(`address of ${what}`),
    port: port().default(defaultPort).describe("port on that address; 0: any free one"),
  };
}
