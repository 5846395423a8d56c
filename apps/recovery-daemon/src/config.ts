import { daemonSettingsSchema } from "@turnkeep/daemon";
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

const ofDaemon = daemonSettingsSchema.unwrap().shape;
const advancedOfDaemon = ofDaemon.advanced.unwrap().unwrap().shape;
const ofManager = settingsSchema.unwrap().shape;
const advancedOfManager = ofManager.advanced.unwrap().unwrap().shape;

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
export const settings = {
  usual: {
    ...storeSettings,
    ...listenSettings(3_001, "the health endpoints"),
    ...processSettings,
    leaseMs: numberFromText(ofDaemon.leaseMs),
    staleAfterMs: numberFromText(ofDaemon.staleAfterMs),
    tombstonesKeptMs: numberFromText(ofDaemon.tombstonesKeptMs),
    historyKeptMs: numberFromText(ofDaemon.historyKeptMs),
    maxDirtyGames: numberFromText(ofManager.maxDirtyGames),
  },
  advanced: {
    ...advancedStoreSettings,
    recoverEveryMs: numberFromText(advancedOfDaemon.recoverEveryMs),
    flushEveryMs: numberFromText(advancedOfDaemon.flushEveryMs),
    finishEveryMs: numberFromText(advancedOfDaemon.finishEveryMs),
    deadlinesEveryMs: numberFromText(advancedOfDaemon.deadlinesEveryMs),
    reindexEveryMs: numberFromText(advancedOfDaemon.reindexEveryMs),
    evictEveryMs: numberFromText(advancedOfDaemon.evictEveryMs),
    expireEveryMs: numberFromText(advancedOfDaemon.expireEveryMs),
    purgeEveryMs: numberFromText(advancedOfDaemon.purgeEveryMs),
    pageGames: numberFromText(advancedOfDaemon.pageGames),
    loadsAtOnce: numberFromText(advancedOfManager.loadsAtOnce),
    localCopyBytes: numberFromText(ofManager.localCopyBytes),
    maxStateBytes: numberFromText(ofManager.maxStateBytes),
    validateWrites: ofManager.validateWrites,
    durableWithinMs: numberFromText(ofManager.durableWithinMs),
    loadWithinMs: numberFromText(advancedOfManager.loadWithinMs),
    breakAfterFailures: numberFromText(advancedOfManager.breakAfterFailures),
    serviceGapMs: numberFromText(advancedOfManager.serviceGapMs),
    backoffMaxMs: numberFromText(advancedOfDaemon.backoffMaxMs),
  },
};

export type Config = ConfigOf<typeof settings>;

/** The variables of this process. */
export const environment: Environment = process.env;

/** @throws ConfigError with every problem */
export function readConfig(given: Environment): Config {
  return readSettings(settings, given);
}
