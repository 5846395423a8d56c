import { enforceTimeOut } from "@turnkeep/card-rules";
import type { Runtime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { cardGame, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type DeadlineResult, type GameStateManager, type Logger } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import type { CountedEvents } from "@turnkeep/service-kit";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Config } from "./config.js";

/** What the daemon works with. Its tasks do not depend on the game's type. */
export interface Parts {
  readonly manager: Pick<
    GameStateManager<object>,
    "start" | "close" | "recoverActiveGames" | "flushDue" | "finishEndings" | "expireStaleGames"
  >;
  readonly cache: Pick<Cache, "scan" | "reindex" | "evict" | "ping">;
  readonly store: Pick<Store, "acquireLease" | "releaseLease" | "listGone" | "purgeTombstones" | "ping">;
  /** What the manager reports, for metrics. */
  readonly events: CountedEvents;
  /** One round over the games whose time is over. */
  enforceDeadlines(signal: AbortSignal): Promise<DeadlineResult>;
  /** Brings the schema up to date. */
  migrate(): Promise<void>;
}

/** The only place that chooses adapters. Nothing is connected yet. */
export function composeParts(config: Config, logger: Logger, runtime: Runtime): Parts {
  const cache = createRedisCache({
    url: config.redisUrl,
    keyPrefix: config.redisKeyPrefix,
    onWarning: (message) => logger.warn({}, message),
  });
  const store = createSqlStore({
    url: config.databaseUrl,
    schema: config.databaseSchema,
    poolSize: config.databasePoolSize,
    advanced: { applicationName: "turnkeep-recovery-daemon" },
  });
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
    loadsAtOnce: config.loadsAtOnce,
    localCopyBytes: config.localCopyBytes,
    runServiceClock: true,
    advanced: { recoveryPageGames: config.pageGames },
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
    migrate: async () => {
      await store.migrate();
    },
  };
}
