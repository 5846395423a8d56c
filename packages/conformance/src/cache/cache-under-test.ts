import type { GameId } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";

/** How a cache is given to the suite. */
export interface CacheUnderTest {
  /** How the tests are called. */
  readonly name: string;
  /**
   * A cache that is not started, over a place that this suite alone uses: the first call finds it empty, and all calls
   * share it, as several processes share one Redis. The suite starts and closes what it gets.
   */
  readonly createCache: () => Cache;
  /**
   * Makes the copy unverified, as after a failover: it was installed under another history than the one served now.
   * Without this, the cache cannot detect a failover, and only the `durable` level is safe on it.
   */
  readonly makeUnverified?: ((gameId: GameId) => Promise<void>) | undefined;
  /** Makes all copies unverified at once, as a failover does, and with them the tokens of loads under way. */
  readonly changeEpoch?: (() => Promise<void>) | undefined;
  /** Loses all that the place holds, while connections stay. */
  readonly flushAll?: (() => Promise<void>) | undefined;
  /** How long the copy, which is there, stays: ms, or `null` if nothing will end it. Without this, it never ends. */
  readonly lifetimeMs?: ((gameId: GameId) => Promise<number | null>) | undefined;
  /** Takes the game out of the dirty index and nothing else, as a bug or a lost key would. */
  readonly dropMark?: ((gameId: GameId) => Promise<void>) | undefined;
  /** Loses the copy but for its mark, as an eviction would. */
  readonly dropCopy?: ((gameId: GameId) => Promise<void>) | undefined;
  /**
   * Whether one index holds all dirty games. Where every part of the cache has its own, as on a Cluster, which game is
   * the most overdue and how many there are is known only by and by. @default true
   */
  readonly keepsOneIndex?: boolean | undefined;
  /**
   * Lets so much time pass by the clock that `now` reads. Without this, that clock goes on by itself, as a server's does.
   */
  readonly passTime?: ((ms: number) => Promise<void>) | undefined;
}

/** What the tests of one suite use. */
export interface CacheBench {
  /** A started cache. */
  readonly cache: Cache;
  /** Another started one over the same place, as another process has it. */
  readonly other: Cache;
  readonly hooks: CacheUnderTest;
}
