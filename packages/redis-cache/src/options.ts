import { type Runtime, systemRuntime, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import type { RedisClient } from "./connection/client.js";
import { parseRedisUrl } from "./connection/redis-url.js";

/** What a warning is about: the cache works on, with less than it could. */
export type WarningListener = (message: string) => void;

const isClient = (value: unknown): value is RedisClient =>
  typeof value === "object" && value !== null && "duplicate" in value && "isCluster" in value && "options" in value;

/** What needs no change in ordinary use. */
const advancedSchema = z
  .strictObject({
    tokenTtlMs: z.int().min(100).default(60_000).describe("how long a load of a game without a copy may take"),
    heartbeatMs: z
      .int()
      .min(50)
      .default(10_000)
      .describe("how often the subscriber's connection is tried, so that a dead one is noticed"),
    discoverPartsEveryMs: z
      .int()
      .min(0)
      .default(2_000)
      .describe("on a Cluster: how often a claim looks for other processes' dirty games in all slots"),
  })
  .prefault({})
  .readonly();

/** What can be set on a Redis cache; parsed once, then frozen. */
export const optionsSchema = z
  .strictObject({
    url: z
      .string()
      .refine((url) => parseRedisUrl(url) !== null, "is no URL of Redis, of Sentinels or of a Cluster")
      .optional()
      .describe("where Redis is, as redis://…, redis-sentinel://…/name or redis-cluster://…; either this or client"),
    client: z
      .custom<RedisClient>(isClient, "is not a client of ioredis")
      .optional()
      .describe("an ioredis client (Redis or Cluster) whose way to connect is taken; its own connection is not used"),
    keyPrefix: z
      .string()
      .max(100)
      .regex(/^[^{}\p{Cc}]*$/u, "has no braces and no control characters")
      .default("")
      .describe("what all keys begin with; without braces"),
    ttlMs: z
      .int()
      .min(1_000)
      .default(24 * 3_600_000)
      .describe("how long a clean copy stays after its last flush or load"),
    commandTimeoutMs: z
      .int()
      .min(10)
      .default(2_000)
      .describe("how long one call may take, waiting included; claims and scans five times as long"),
    connectTimeoutMs: z.int().min(10).default(5_000).describe("how long start() waits for each connection"),
    onWarning: z
      .custom<WarningListener>((value) => typeof value === "function", "is not a function")
      .optional()
      .describe("called with what an operator should know, such as a lost connection; default: nothing is called"),
    runtime: z
      .custom<Runtime>((value) => typeof value === "object" && value !== null, "is not a runtime")
      .default(systemRuntime)
      .describe("clock and timers; ioredis keeps its own"),
    advanced: advancedSchema,
  })
  .refine(({ url, client }) => (url === undefined) !== (client === undefined), "give either url or client")
  .readonly();

export type RedisCacheOptions = z.input<typeof optionsSchema>;
export type Settings = z.output<typeof optionsSchema>;

/** @throws InvalidInput, naming the options that are wrong, without their values */
export function parseOptions(options: RedisCacheOptions): Settings {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "options"}: ${issue.message}`);
    throw new TurnkeepError("InvalidInput", `the Redis cache cannot be made: ${issues.join("; ")}`, { issues });
  }
  refuseKeyPrefix(parsed.data.client);
  return parsed.data;
}

/** ioredis' own prefix goes in front of the hash tag, so that the keys of one game would lie in different slots. */
function refuseKeyPrefix(client: RedisClient | undefined): void {
  if (client === undefined) return;
  const { options } = client;
  const ofNodes = "redisOptions" in options ? options.redisOptions?.keyPrefix : undefined;
  if (!options.keyPrefix && !ofNodes) return;
  throw new TurnkeepError(
    "Misconfigured",
    "the client has a keyPrefix of its own: create it without, and give keyPrefix to the cache",
    {},
  );
}
