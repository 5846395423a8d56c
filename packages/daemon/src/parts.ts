import type { GameDefinition, Runtime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import {
  createGameStateManager,
  type DeadlineResult,
  type GameStateManager,
  type Logger,
  type ManagerEvents,
  type ManagerOptions,
  type OnDue,
} from "@turnkeep/manager";
import type { DaemonSettings } from "./settings.js";

/** What a daemon works with. Its tasks do not depend on the game's type. */
export interface Parts {
  readonly manager: Pick<
    GameStateManager<object>,
    "start" | "close" | "recoverActiveGames" | "findUnflushed" | "flushDue" | "finishEndings" | "expireStaleGames"
  >;
  readonly cache: Pick<Cache, "scan" | "evict" | "ping" | "identity">;
  readonly store: Pick<
    Store,
    "acquireLease" | "releaseLease" | "listGone" | "purgeTombstones" | "purgeHistory" | "countQuarantined" | "ping"
  >;
  /** What the manager reports, for metrics. */
  readonly events: ManagerEvents;
  /** One round over the games whose time is over; `null` for a game without deadlines. */
  readonly enforceDeadlines: ((signal: AbortSignal) => Promise<DeadlineResult>) | null;
}

/** Settings of a manager, but for those that a daemon decides. */
export type ManagerSettingsInput = Omit<
  ManagerOptions<object, unknown, unknown>,
  "game" | "cache" | "store" | "logger" | "runtime" | "runFlusher" | "runServiceClock" | "staleAfterMs"
>;

export interface Stores<Tx> {
  readonly cache: Cache;
  readonly store: Store<Tx>;
}

export interface PartsOptions<State extends object, View, Tx> {
  readonly game: GameDefinition<State, View, unknown>;
  /** Makes cache and store, for each start anew: so a start that fails can be tried again. */
  readonly stores: () => Stores<Tx>;
  /** What becomes of a game whose time is over; without it, no deadline is enforced here. */
  readonly onDue?: OnDue<State, unknown> | undefined;
  /** Settings of the daemon's manager. Sizes, bounds and the gap have to be as the servers have them. */
  readonly manager?: ManagerSettingsInput | undefined;
}

/** Composes what a daemon works with; nothing is connected yet. */
export function composeParts<State extends object, View, Tx>(
  { game, stores, onDue, manager: settings = {} }: PartsOptions<State, View, Tx>,
  { staleAfterMs, pageGames }: Pick<DaemonSettings, "staleAfterMs" | "pageGames">,
  { logger, runtime }: { readonly logger: Logger; readonly runtime: Runtime },
): Parts {
  const { cache, store } = stores();
  const manager = createGameStateManager({
    ...settings,
    game,
    cache,
    store,
    logger,
    runtime,
    // A daemon flushes in rounds of its own, and only while it holds the lease.
    runFlusher: false,
    runServiceClock: true,
    staleAfterMs,
    advanced: { recoveryPageGames: pageGames, ...settings.advanced },
  });
  return {
    manager,
    cache,
    store,
    events: manager.events,
    enforceDeadlines: onDue === undefined ? null : (signal) => manager.enforceDeadlines(onDue, { signal }),
  };
}
