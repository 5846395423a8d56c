import type { CacheSpace } from "./cache-space.js";

/** What the operations of a cache work with. */
export interface Context {
  readonly space: CacheSpace;
  /** How long a clean copy stays after its last flush or load. */
  readonly ttlMs: number;
  /** How long a load of a game without a copy may take. */
  readonly tokenTtlMs: number;
}
