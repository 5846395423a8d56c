import * as z from "zod";

/** Where the games are: every program that shares them takes these settings, and by the same rules. */
export const storeSettings = {
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres, as postgres://user:password@host:port/db"),
  databaseSchema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .default("turnkeep")
    .describe("Postgres schema that holds the tables"),
  redisUrl: z.url({ protocol: /^rediss?$/ }).describe("Redis, as redis://host:port"),
  redisKeyPrefix: z
    .string()
    .regex(/^[^{}]*$/)
    .default("")
    .describe("put before every key in Redis"),
};
