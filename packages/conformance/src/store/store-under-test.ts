import type { Store } from "@turnkeep/core/ports";

/** How a store is given to the suite. */
export interface StoreUnderTest<Tx> {
  /** How the tests are called. */
  readonly name: string;
  /**
   * A store that is not started, over a place that this suite alone uses: the first call finds it empty, and all calls
   * share it, as several processes share one database. The suite starts and closes what it gets.
   */
  readonly createStore: () => Store<Tx>;
  /** Runs the work in a transaction of the caller's: it commits, or rolls back if the work throws, and throws that again. */
  readonly transaction: <T>(work: (transaction: Tx) => Promise<T>) => Promise<T>;
  /**
   * Lets so much time pass by the clock that `now` reads. Without this, that clock goes on by itself, as a server's does.
   */
  readonly passTime?: ((ms: number) => Promise<void>) | undefined;
}

/** What the tests of one suite use. */
export interface StoreBench<Tx = unknown> {
  /** A started store. */
  readonly store: Store<Tx>;
  /** Another started one over the same place, as another process has it. */
  readonly other: Store<Tx>;
  readonly hooks: StoreUnderTest<Tx>;
}
