import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { CacheSpace } from "./cache-space.js";

/** What the operations of a cache work with. */
export interface Context {
  readonly space: CacheSpace;
  /** How long a clean copy stays after its last flush or load. */
  readonly ttlMs: number;
  /** How long a load of a game without a copy may take. */
  readonly tokenTtlMs: number;
  /** The checks at the beginning of every call. @throws NotRunning, Aborted, InvalidGameId */
  readonly check: (options?: CacheCallOptions, ...gameIds: readonly GameId[]) => void;
}
