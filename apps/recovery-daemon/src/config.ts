import { settingsSchema } from "@turnkeep/manager";
import { type Environment, numberFromText, readSettings, storeSettings } from "@turnkeep/service-kit";
import * as z from "zod";

const milliseconds = (min: number) =>
  z.coerce
    .number()
    .int()
    .min(min)
    .max(365 * 86_400_000);

const ofManager = settingsSchema.unwrap().shape;

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
export const settings = z
  .object({
    ...storeSettings,
    redisKeyPrefix: storeSettings.redisKeyPrefix.describe(
      "put before every key in Redis; the same as the game servers'",
    ),
    host: z.string().min(1).default("127.0.0.1").describe("address of the health endpoints"),
    port: z.coerce.number().int().min(0).max(65_535).default(3_001).describe("their port; 0: any free one"),
    metricsHost: z.string().min(1).default("127.0.0.1").describe("address on which metrics are served"),
    metricsPort: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe("port that serves metrics for Prometheus at /metrics; 0: any free one"),
    logLevel: z
      .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
      .default("info")
      .describe("least severe level that is logged"),
    migrateOnStart: z.stringbool().default(true).describe("bring the schema up to date before starting"),
    leaseMs: milliseconds(1_000).default(15_000).describe("how long a daemon that falls silent keeps the lease"),
    recoverEveryMs: milliseconds(1_000)
      .default(600_000)
      .describe("how often live games missing from the cache are brought back, after the recovery at the start"),
    flushEveryMs: milliseconds(10).default(1_000).describe("how often leftovers of dead servers are looked for"),
    finishEveryMs: milliseconds(10).default(5_000).describe("how often interrupted endings are looked for"),
    deadlinesEveryMs: milliseconds(10)
      .default(500)
      .describe("how often games are looked for whose turn has run out of time"),
    reindexEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the cache is swept for unflushed games that nobody would flush"),
    evictEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the cache is swept for games that are archived or deleted"),
    expireEveryMs: milliseconds(10).default(300_000).describe("how often idle games are looked for"),
    staleAfterMs: milliseconds(1_000).default(259_200_000).describe("idle time after which a game expires"),
    purgeEveryMs: milliseconds(10).default(3_600_000).describe("how often old tombstones are looked for"),
    tombstonesKeptMs: milliseconds(1_000)
      .default(604_800_000)
      .describe("how long the tombstone of an archived or deleted game is kept"),
    pageGames: z.coerce.number().int().min(1).max(1_000).default(200).describe("games in one page of a sweep"),
    maxDirtyGames: numberFromText(ofManager.maxDirtyGames),
    loadsAtOnce: numberFromText(ofManager.loadsAtOnce),
    localCopyBytes: numberFromText(ofManager.localCopyBytes),
    backoffMaxMs: milliseconds(10).default(30_000).describe("longest wait after a task failed again and again"),
    shutdownGraceMs: milliseconds(0).default(10_000).describe("time for rounds under way to finish at shutdown"),
  })
  .readonly();

export type Config = z.infer<typeof settings>;

/** @throws ConfigError with every problem */
export function readConfig(environment: Environment = process.env): Config {
  return readSettings(settings, environment);
}
