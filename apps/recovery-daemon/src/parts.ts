import { enforceTimeOut } from "@turnkeep/card-rules";
import type { Runtime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { cardGame, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type DeadlineResult, type GameStateManager, type Logger } from "@turnkeep/manager";
import { type CountedEvents, composeStores } from "@turnkeep/service-kit";
import type { Config } from "./config.js";

/** What the daemon works with. Its tasks do not depend on the game's type. */
export interface Parts {
  readonly manager: Pick<
    GameStateManager<object>,
    | "start"
    | "close"
    | "loadState"
    | "recoverActiveGames"
    | "findUnflushed"
    | "flushDue"
    | "finishEndings"
    | "expireStaleGames"
  >;
  readonly cache: Cache;
  readonly store: Store;
  /** What the manager reports, for metrics. */
  readonly events: CountedEvents;
  /** One round over the games whose time is over. */
  enforceDeadlines(signal: AbortSignal): Promise<DeadlineResult>;
}

/** The only place that chooses adapters. Nothing is connected yet. */
export function composeParts(config: Config, logger: Logger, runtime: Runtime): Parts {
  const { cache, store } = composeStores(config, { applicationName: "turnkeep-recovery-daemon", logger, runtime });
  const manager = createGameStateManager({
    game: cardGame,
    cache,
    store,
    logger,
    runtime,
    // The daemon flushes in rounds of its own, and only while it holds the lease.
    runFlusher: false,
    staleAfterMs: config.staleAfterMs,
    maxDirtyGames: config.maxDirtyGames,
    localCopyBytes: config.localCopyBytes,
    maxStateBytes: config.maxStateBytes,
    validateWrites: config.validateWrites,
    durableWithinMs: config.durableWithinMs,
    runServiceClock: true,
    advanced: {
      recoveryPageGames: config.pageGames,
      loadsAtOnce: config.loadsAtOnce,
      loadWithinMs: config.loadWithinMs,
      breakAfterFailures: config.breakAfterFailures,
      serviceGapMs: config.serviceGapMs,
    },
  });
  return {
    manager,
    cache,
    store,
    events: manager.events,
    enforceDeadlines: (signal) => {
      const onDue = (state: GameState, serviceMs: number) =>
        enforceTimeOut(state, { at: runtime.wallClockMs(), serviceMs });
      return manager.enforceDeadlines(onDue, { signal });
    },
  };
}

/** Composes and starts; what was opened is closed again where that fails. @throws StoreUnavailable, CacheUnavailable, Misconfigured */
export async function startParts(compose: () => Parts): Promise<Parts> {
  const parts = compose();
  await parts.manager.start();
  return parts;
}
