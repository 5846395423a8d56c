import {
  type Codec,
  checkedGame,
  createCodec,
  type GameDefinition,
  isTurnkeepError,
  type JsonValue,
  type Runtime,
  systemRuntime,
} from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { Emitter, type Logger } from "./events.js";
import { Backlog } from "./process/backlog.js";
import { Batcher } from "./process/batcher.js";
import { guardStores } from "./process/breaker.js";
import { Lifecycle } from "./process/lifecycle.js";
import { LoadLimiter } from "./process/load-limiter.js";
import { LocalCopies, TransactionChanges } from "./process/local-copies.js";
import { OrphanedGames, UnreadableGames } from "./process/reported-games.js";
import { ServiceClock } from "./process/service-clock.js";
import { Tracing, type TracingOptions } from "./process/tracing.js";
import { UnflushedGames } from "./process/unflushed.js";
import { type ManagerSettings, parseSettings, type SettingsInput } from "./settings.js";
import { Queues } from "./util/limiter.js";

/** What every call that does I/O takes. An aborted write is `unknown`: retry it with the same write id. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * What every call that touches the store takes: the caller's transaction. Effects on the cache wait for its commit;
 * inside one, a load neither fences nor fills the cache.
 */
export interface StoreOptions<Tx> extends CallOptions {
  readonly transaction?: Tx | undefined;
}

export interface ManagerOptions<State extends object, View, Tx, Entry = JsonValue> extends SettingsInput {
  readonly game: GameDefinition<State, View, Entry>;
  readonly cache: Cache;
  readonly store: Store<Tx>;
  readonly logger?: Logger | undefined;
  /** Where time, chance and ids come from; default the platform's own. */
  readonly runtime?: Runtime | undefined;
  /** Spans of calls about one game, and of what they wait for; default none, which costs nothing. */
  readonly tracing?: TracingOptions | undefined;
}

/**
 * What the operations share that need not know the game's type. The store's transaction type is the caller's affair: it
 * passes through the manager untouched, hence `Store` of unknown.
 */
export interface Base {
  readonly cache: Cache;
  readonly store: Store;
  readonly settings: ManagerSettings;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly events: Emitter;
  readonly lifecycle: Lifecycle;
  readonly queues: Queues;
  readonly loads: LoadLimiter;
  readonly batcher: Pick<Batcher, "flush" | "games">;
  readonly transactions: TransactionChanges;
  readonly serviceClock: ServiceClock;
  readonly unflushed: UnflushedGames;
  readonly unreadable: UnreadableGames;
  readonly orphans: OrphanedGames;
  readonly backlog: Backlog;
  /** True while calls of the store fail without being made. */
  readonly storeIsAway: () => boolean;
  /** This process's local copies. */
  readonly localCopies: Pick<LocalCopies<object>, "drop" | "forget" | "versionOf">;
}

/** What the operations of one game type share. */
export interface Context<State extends object, View = unknown, Entry = unknown> extends Base {
  readonly game: GameDefinition<State, View, Entry>;
  readonly codec: Codec<State>;
  readonly localCopies: LocalCopies<State>;
  readonly tracing: Tracing | null;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** @throws InvalidInput for unknown settings, or values out of their bounds */
export function createContext<State extends object, View, Tx, Entry>(
  options: ManagerOptions<State, View, Tx, Entry>,
): Context<State, View, Entry> {
  const { game: definition, cache, store, logger: log = silent, runtime = systemRuntime, ...others } = options;
  const { tracing: traced, ...rest } = others;
  const game = checkedGame(definition);
  const settings = parseSettings(rest);
  const { flushWithinMs, flushBatchGames, flushBatchBytes, flushesInFlight, flushEveryMs, claimHideMs } = settings;
  const events = new Emitter(log);
  const tracing = traced === undefined ? null : new Tracing(traced);
  const asked = tracing === null ? { cache, store } : { cache: tracing.cache(cache), store: tracing.store(store) };
  const sides = guardStores(asked, { settings, events, log, runtime });
  const batcher = new Batcher(runtime, sides.store, {
    games: flushBatchGames,
    withinMs: flushWithinMs / 4,
    bytes: flushBatchBytes,
    inFlight: flushesInFlight,
  });
  const unflushed = new UnflushedGames(runtime, { firstMs: flushEveryMs, longestMs: claimHideMs });
  return {
    game,
    ...sides,
    codec: createCodec(game, { maxStateBytes: settings.maxStateBytes, freezeTrusted: settings.freezeReadStates }),
    settings,
    runtime,
    log,
    events,
    lifecycle: new Lifecycle(),
    queues: new Queues(),
    loads: new LoadLimiter(runtime, settings.loadsAtOnce, settings.loadWithinMs),
    batcher: tracing?.batcher(batcher) ?? batcher,
    tracing,
    serviceClock: new ServiceClock(runtime, { store: sides.store, settings, log }),
    transactions: new TransactionChanges(sides.store),
    unflushed,
    unreadable: new UnreadableGames(runtime, events, log),
    orphans: new OrphanedGames(runtime, events, log),
    backlog: new Backlog(runtime, { ...sides, unflushed, events }, settings),
    localCopies: new LocalCopies<State>(settings.localCopyBytes, settings.freezeReadStates),
  };
}

/** Emits that a side is unavailable, if this error says so. */
export function reportUnavailable({ events }: Pick<Base, "events">, error: unknown): void {
  if (isTurnkeepError(error, "CacheUnavailable")) events.emit("cache:unavailable", { error });
  if (isTurnkeepError(error, "StoreUnavailable")) events.emit("store:unavailable", { error });
}
