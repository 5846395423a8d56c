import { assertGameId, type GameId } from "@turnkeep/core";
import type { StoreCallOptions } from "@turnkeep/core/ports";
import { Lifecycle } from "../lifecycle.js";
import type { StoreSpace } from "./store-space.js";
import type { MemoryTransaction } from "./transaction.js";

export type CallOptions = StoreCallOptions<MemoryTransaction>;

/** What the operations of one store work with: the shared space, under the checks that come before every call. */
export class Database {
  readonly space: StoreSpace;
  readonly lifecycle = new Lifecycle("store");

  constructor(space: StoreSpace) {
    this.space = space;
  }

  /**
   * The checks before every call; returns the transaction that a read sees.
   * @throws NotRunning, Aborted (`notDone`), InvalidInput for a transaction that has ended, InvalidGameId
   */
  check(options: CallOptions | undefined, ...gameIds: readonly GameId[]): MemoryTransaction | undefined {
    this.lifecycle.check(options?.signal);
    options?.transaction?.assertOpen();
    for (const gameId of gameIds) assertGameId(gameId);
    return options?.transaction;
  }

  /** Does the work in one synchronous step, with the rows of these games locked. @throws what `withLocks` does */
  async transact<T>(
    gameIds: readonly GameId[],
    options: CallOptions | undefined,
    work: (transaction: MemoryTransaction) => T,
  ): Promise<T> {
    this.check(options, ...gameIds);
    return this.withLocks(gameIds, options, work);
  }

  /**
   * Takes the locks in their order, so that two batches never wait for each other, then does the work in one
   * synchronous step: in the caller's transaction, which keeps the locks, or in one of its own.
   * @throws what `check` does; while it waits for a lock, Aborted, and StoreUnavailable for a deadlock, both `notDone`
   */
  async withLocks<T>(
    keys: readonly string[],
    options: CallOptions | undefined,
    work: (transaction: MemoryTransaction) => T,
  ): Promise<T> {
    const transaction = this.check(options);
    if (transaction === undefined) {
      return this.space.transaction((own) => this.withLocks(keys, { ...options, transaction: own }, work));
    }
    for (const key of [...keys].sort()) await this.space.lock(key, transaction, options?.signal);
    return work(transaction);
  }
}
