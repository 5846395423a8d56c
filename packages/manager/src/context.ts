import type { Codec, GameDefinition } from "@turnkeep/game-state/core";
import type { Cache, Store } from "@turnkeep/game-state/ports";
import type { Emitter } from "./calls/emitter.js";
import type { Lifecycle } from "./calls/lifecycle.js";
import type { TransactionWrites } from "./calls/transaction-writes.js";
import type { ServiceClock } from "./deadlines/service-clock.js";
import type { HotGames } from "./loading/hot-games.js";
import type { GameQueues } from "./pacing/game-queues.js";
import type { LoadGate } from "./pacing/load-gate.js";
import type { ManagerSettings } from "./settings.js";
import type { Logger } from "./types.js";
import type { Backlog } from "./write-behind/backlog.js";
import type { FlushBatcher } from "./write-behind/flush-batcher.js";
import type { UnflushedGames } from "./write-behind/unflushed-games.js";

/**
 * What the verbs share that need not know the game's type. The store's transaction type is the caller's affair: it
 * passes through the manager untouched, hence `Store` of unknown.
 */
export interface Base {
  readonly cache: Cache;
  readonly store: Store;
  readonly settings: ManagerSettings;
  readonly log: Logger;
  readonly events: Emitter;
  readonly lifecycle: Lifecycle;
  readonly queues: GameQueues;
  readonly loads: LoadGate;
  readonly batcher: FlushBatcher;
  readonly transactions: TransactionWrites;
  readonly serviceClock: ServiceClock;
  readonly unflushed: UnflushedGames;
  readonly backlog: Backlog;
  /** True while calls of the store fail without being made. */
  readonly storeIsAway: () => boolean;
  /** This process's own copies. */
  readonly hot: Pick<HotGames<object>, "drop" | "forget" | "versionOf">;
}

/** What the verbs of one game type share. */
export interface Context<State extends object, View = unknown> extends Base {
  readonly game: GameDefinition<State, View>;
  readonly codec: Codec<State>;
  readonly hot: HotGames<State>;
}
