import { enforceTimeOut } from "@turnkeep/card-rules";
import type { Runtime } from "@turnkeep/core";
import { createDaemon, type Daemon, type ManagerSettingsInput } from "@turnkeep/daemon";
import { cardGame, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type Logger, type RecoveryProgress } from "@turnkeep/manager";
import { type CountedEvents, composeStores } from "@turnkeep/service-kit";
import type { Config } from "./config.js";

export interface Surroundings {
  readonly logger: Logger;
  readonly runtime: Runtime;
  readonly onProgress: (progress: RecoveryProgress) => void;
  /** Called once the stores are connected. */
  readonly onStart?: (parts: { events: CountedEvents; store: ReturnType<typeof stores>["store"] }) => void;
}

/** The card game's daemon. Nothing is connected yet. */
export function composeDaemon(config: Config, { logger, runtime, onProgress, onStart }: Surroundings): Daemon {
  const onDue = (state: GameState, serviceMs: number) =>
    enforceTimeOut(state, { at: runtime.wallClockMs(), serviceMs });
  let made: ReturnType<typeof stores> | undefined;
  return createDaemon({
    game: cardGame,
    stores: () => {
      made = stores(config, logger, runtime);
      return made;
    },
    onDue,
    logger,
    runtime,
    onProgress,
    onStart: ({ events }) => made && onStart?.({ events, store: made.store }),
    leaseMs: config.leaseMs,
    staleAfterMs: config.staleAfterMs,
    tombstonesKeptMs: config.tombstonesKeptMs,
    historyKeptMs: config.historyKeptMs,
    stopAnnouncedMs: config.stopAnnouncedMs,
    shutdownGraceMs: config.shutdownGraceMs,
    advanced: {
      recoverEveryMs: config.recoverEveryMs,
      flushEveryMs: config.flushEveryMs,
      finishEveryMs: config.finishEveryMs,
      deadlinesEveryMs: config.deadlinesEveryMs,
      reindexEveryMs: config.reindexEveryMs,
      evictEveryMs: config.evictEveryMs,
      expireEveryMs: config.expireEveryMs,
      purgeEveryMs: config.purgeEveryMs,
      pageGames: config.pageGames,
      backoffMaxMs: config.backoffMaxMs,
    },
    manager: managerSettings(config),
  });
}

/** A manager that flushes nothing by itself, and its stores, for a command that mends. Nothing is connected yet. */
export function composeManager(config: Config, logger: Logger, runtime: Runtime) {
  const { cache, store } = stores(config, logger, runtime);
  const settings = { ...managerSettings(config), runFlusher: false, staleAfterMs: config.staleAfterMs };
  return {
    manager: createGameStateManager({ game: cardGame, cache, store, logger, runtime, ...settings }),
    cache,
    store,
  };
}

/** The only place that chooses adapters. */
function stores(config: Config, logger: Logger, runtime: Runtime) {
  return composeStores(config, { applicationName: "turnkeep-recovery-daemon", logger, runtime });
}

function managerSettings(config: Config): ManagerSettingsInput {
  return {
    maxDirtyGames: config.maxDirtyGames,
    localCopyBytes: config.localCopyBytes,
    maxStateBytes: config.maxStateBytes,
    validateWrites: config.validateWrites,
    durableWithinMs: config.durableWithinMs,
    advanced: {
      loadsAtOnce: config.loadsAtOnce,
      loadWithinMs: config.loadWithinMs,
      breakAfterFailures: config.breakAfterFailures,
      serviceGapMs: config.serviceGapMs,
    },
  };
}
