import { type Fault, type Interceptable, interceptable } from "@turnkeep/conformance";
import { type Counter, type CounterView, counterGame, facts } from "@turnkeep/conformance/counter-game";
import { type GameDefinition, type Runtime, systemRuntime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { createGameStateManager } from "../../create-manager.js";
import type { ManagerEvents } from "../../events.js";
import type { LoadedGame } from "../../load/load-game.js";
import type { GameStateManager } from "../../manager.js";
import type { TracingOptions } from "../../process/tracing.js";
import type { ManagerSettings } from "../../settings.js";
import { nestSettings } from "./nest-settings.js";

/** A fault of `write`: its answer brings no copy, as where the tail is long, so that the copy is claimed. */
export const bringingNoCopy: Fault = async (call) => Object.assign({}, await call(), { copy: undefined });

type MemoryStore = ReturnType<typeof createMemoryStore>;
type Transaction = Parameters<MemoryStore["afterCommit"]>[0];

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: object;
  readonly message: string;
}

/** One server process: a manager with its own connections, which a test can watch and disturb. */
export interface Server {
  readonly manager: GameStateManager<Counter, CounterView, Transaction>;
  readonly cache: Interceptable<Cache>;
  readonly store: Interceptable<Store<Transaction>>;
  readonly logs: LogLine[];
}

export interface ServerOptions {
  /** What this process knows of the game; default the counter game. */
  readonly game?: GameDefinition<Counter, CounterView>;
  /** Default true. */
  readonly detectsFailover?: boolean;
  /** The manager's; default the platform's own. */
  readonly runtime?: Runtime;
  readonly tracing?: TracingOptions;
  /** Called with the manager's events before it starts. */
  readonly onEvents?: (events: ManagerEvents) => void;
  /** Puts something between the manager and its ports. */
  readonly cacheThrough?: (cache: Cache) => Cache;
  readonly storeThrough?: (store: Store<Transaction>) => Store<Transaction>;
}

/** One cache and one store, in memory, shared by any number of servers. */
export interface World {
  /** An observer's own connections. */
  readonly cache: Cache;
  readonly store: MemoryStore;
  /** Starts one more server; its flusher is off by default. */
  server(settings?: Partial<ManagerSettings>, how?: ServerOptions): Promise<Server>;
  /** Creates a game by a server of its own. */
  create(state: Counter): Promise<LoadedGame<Counter>>;
  row(gameId: string): Promise<{ state: string; turnNumber: number; version: string }>;
  /** The cache comes back empty. */
  loseCache(): Promise<void>;
  /** Remembers what the cache holds now, and returns how it comes back with just that. */
  backUpCache(): () => void;
  /** Another node takes the cache over with all that it held. */
  failover(): void;
  /** Overwrites the cached document; `flushed`: the store has that version. */
  corrupt(gameId: string, text: string, how: { flushed: boolean }): void;
  /** The row vanishes, without a tombstone. */
  forgetRow(gameId: string): Promise<void>;
  /** The same, of a game whose copy does not know what its row said. */
  orphan(gameId: string): Promise<void>;
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Another program's transaction holds these rows while the work runs. */
  whileLocked<T>(gameIds: readonly string[], work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openWorld(now: () => number = Date.now, cacheNow: () => number = now): Promise<World> {
  const cacheSpace = createCacheSpace({ runtime: { ...systemRuntime, wallClockMs: cacheNow } });
  const storeSpace = createStoreSpace({ runtime: { ...systemRuntime, wallClockMs: now } });
  const cache = createMemoryCache({ space: cacheSpace });
  const store = createMemoryStore({ space: storeSpace });
  await Promise.all([cache.start(), store.start()]);
  const managers: GameStateManager<Counter, CounterView, Transaction>[] = [];

  const server: World["server"] = async (settings = {}, how = {}) => {
    const {
      game = counterGame,
      detectsFailover = true,
      runtime,
      tracing,
      onEvents,
      cacheThrough = (port) => port,
      storeThrough = (port) => port,
    } = how;
    const own = createMemoryCache({ space: cacheSpace });
    Object.defineProperty(own, "detectsFailover", { value: detectsFailover });
    const ownCache = interceptable(cacheThrough(own));
    const ownStore = interceptable(storeThrough(createMemoryStore({ space: storeSpace })));
    const logs: LogLine[] = [];
    const at = (level: LogLine["level"]) => (fields: object, message: string) => logs.push({ level, fields, message });
    const manager = createGameStateManager({
      game,
      cache: ownCache.port,
      store: ownStore.port,
      runtime,
      tracing,
      logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
      // A breaker has a clock of its own; tests of it ask for one.
      ...nestSettings({ runFlusher: false, breakAfterFailures: 0, ...settings }),
    });
    onEvents?.(manager.events);
    await manager.start();
    managers.push(manager);
    return { manager, cache: ownCache, store: ownStore, logs };
  };

  const forgetRow = async (gameId: string) => {
    await storeSpace.transaction(async (transaction) => storeSpace.rows.set(gameId, undefined, transaction));
  };

  return {
    cache,
    store,
    server,
    create: async (state) => (await server()).manager.createGame(state, facts),
    async row(gameId) {
      const reply = await store.read(gameId);
      if (reply.kind !== "row") throw new Error(`no row of ${gameId}`);
      return reply.game;
    },
    async loseCache() {
      cacheSpace.loseEverything();
    },
    backUpCache() {
      const backup = cacheSpace.snapshot();
      return () => cacheSpace.rewindTo(backup);
    },
    failover: () => cacheSpace.failover(),
    corrupt(gameId, text, { flushed }) {
      const copy = cacheSpace.copy(gameId);
      if (copy === undefined) throw new Error(`no copy of ${gameId}`);
      cacheSpace.put({ ...copy, state: text, expiresAt: flushed ? copy.expiresAt : null });
    },
    forgetRow,
    async orphan(gameId) {
      await forgetRow(gameId);
      const copy = cacheSpace.copy(gameId);
      if (copy) cacheSpace.put({ ...copy, origin: null });
    },
    transaction: (work) => store.transaction(work),
    whileLocked: (gameIds, work) =>
      store.transaction(async (transaction) => {
        for (const gameId of gameIds) await store.lock(gameId, { transaction });
        return work();
      }),
    async close() {
      await Promise.all(managers.map((manager) => manager.close()));
      await Promise.all([cache.close(), store.close()]);
    },
  };
}
