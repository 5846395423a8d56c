import * as z from "zod";

/** Where the games are: every program that shares them takes these settings, and by the same rules. */
export const storeSettings = {
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres, as postgres://user:password@host:port/db"),
  databaseSchema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .default("turnkeep")
    .describe("Postgres schema that holds the tables"),
  databasePoolSize: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .describe("connections to Postgres for games, opened as they are needed; lists take a few more"),
  redisUrl: z
    .string()
    .regex(/^rediss?(-sentinel|-cluster)?:\/\/[^\s/]+(\/\S*)?$/, "is no URL of Redis")
    .describe("Redis, as redis://host:port, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,…"),
  redisKeyPrefix: z
    .string()
    .regex(/^[^{}]*$/)
    .default("")
    .describe("put before every key in Redis"),
};
