import type { Codec, GameDefinition, Runtime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import type { Backlog } from "./process/backlog.js";
import type { Batcher } from "./process/batcher.js";
import type { Emitter } from "./process/emitter.js";
import type { Lifecycle } from "./process/lifecycle.js";
import type { LoadLimiter } from "./process/load-limiter.js";
import type { LocalCopies, TransactionWrites } from "./process/local-copies.js";
import type { ServiceClock } from "./process/service-clock.js";
import type { UnflushedGames } from "./process/unflushed.js";
import type { ManagerSettings } from "./settings.js";
import type { Logger } from "./types.js";
import type { Queues } from "./util/limiter.js";

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
  readonly batcher: Batcher;
  readonly transactions: TransactionWrites;
  readonly serviceClock: ServiceClock;
  readonly unflushed: UnflushedGames;
  readonly backlog: Backlog;
  /** True while calls of the store fail without being made. */
  readonly storeIsAway: () => boolean;
  /** This process's local copies. */
  readonly localCopies: Pick<LocalCopies<object>, "drop" | "forget" | "versionOf">;
}

/** What the operations of one game type share. */
export interface Context<State extends object, View = unknown> extends Base {
  readonly game: GameDefinition<State, View>;
  readonly codec: Codec<State>;
  readonly localCopies: LocalCopies<State>;
}
