import { settingsSchema } from "@turnkeep/manager";
import {
  advancedStoreSettings,
  type ConfigOf,
  type Environment,
  listenSettings,
  numberFromText,
  processSettings,
  readSettings,
  storeSettings,
} from "@turnkeep/service-kit";
import * as z from "zod";

const milliseconds = (min: number) =>
  z.coerce
    .number()
    .int()
    .min(min)
    .max(365 * 86_400_000);

const ofManager = settingsSchema.unwrap().shape;
const advancedOfManager = ofManager.advanced.unwrap().unwrap().shape;

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
export const settings = {
  usual: {
    ...storeSettings,
    ...listenSettings(3_001, "the health endpoints"),
    ...processSettings,
    leaseMs: milliseconds(1_000)
      .default(15_000)
      .describe("how long a daemon keeps the lease after its last sign of life"),
    staleAfterMs: milliseconds(1_000).default(259_200_000).describe("idle time after which a game expires"),
    tombstonesKeptMs: milliseconds(1_000)
      .default(604_800_000)
      .describe("how long the tombstone of an archived or deleted game is kept"),
    maxDirtyGames: numberFromText(ofManager.maxDirtyGames),
  },
  advanced: {
    ...advancedStoreSettings,
    recoverEveryMs: milliseconds(1_000)
      .default(600_000)
      .describe("how often live games missing from the cache are brought back, after the recovery at the start"),
    flushEveryMs: milliseconds(10).default(1_000).describe("how often the daemon looks for leftovers of dead servers"),
    finishEveryMs: milliseconds(10).default(5_000).describe("how often the daemon looks for interrupted endings"),
    deadlinesEveryMs: milliseconds(10).default(500).describe("how often the daemon looks for games whose time is over"),
    reindexEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the daemon looks for cached games that Postgres may lack"),
    evictEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the daemon looks for cached games that are archived or deleted"),
    expireEveryMs: milliseconds(10).default(300_000).describe("how often the daemon looks for idle games"),
    purgeEveryMs: milliseconds(10).default(3_600_000).describe("how often the daemon looks for old tombstones"),
    pageGames: z.coerce.number().int().min(1).max(1_000).default(200).describe("games in one page of a sweep"),
    loadsAtOnce: numberFromText(advancedOfManager.loadsAtOnce),
    localCopyBytes: numberFromText(ofManager.localCopyBytes),
    maxStateBytes: numberFromText(ofManager.maxStateBytes),
    validateWrites: ofManager.validateWrites,
    durableWithinMs: numberFromText(ofManager.durableWithinMs),
    loadWithinMs: numberFromText(advancedOfManager.loadWithinMs),
    breakAfterFailures: numberFromText(advancedOfManager.breakAfterFailures),
    serviceGapMs: numberFromText(advancedOfManager.serviceGapMs),
    backoffMaxMs: milliseconds(10).default(30_000).describe("longest pause after repeated failures of a task"),
  },
};

export type Config = ConfigOf<typeof settings>;

/** The variables of this process. */
export const environment: Environment = process.env;

/** @throws ConfigError with every problem */
export function readConfig(given: Environment): Config {
  return readSettings(settings, given);
}
