import type { Codec, GameDefinition } from "@turnkeep/game-state/core";
import type { Cache, Store } from "@turnkeep/game-state/ports";
import type { Backlog } from "./backlog.js";
import type { Emitter } from "./emitter.js";
import type { FlushBatcher } from "./flush-batcher.js";
import type { GameQueues } from "./game-queues.js";
import type { HotGames } from "./hot-games.js";
import type { Lifecycle } from "./lifecycle.js";
import type { LoadGate } from "./load-gate.js";
import type { ServiceClock } from "./service-clock.js";
import type { ManagerSettings } from "./settings.js";
import type { TransactionWrites } from "./transaction-writes.js";
import type { Logger } from "./types.js";
import type { UnflushedGames } from "./unflushed-games.js";

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
