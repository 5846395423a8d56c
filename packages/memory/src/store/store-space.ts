import { type Fence, type GameId, type Runtime, systemRuntime, toVersion } from "@turnkeep/core";
import { RowLocks } from "./row-locks.js";
import type { HistoryRow, Lease, StoredRow, Tombstone } from "./stored-row.js";
import { Table } from "./table.js";
import { MemoryTransaction } from "./transaction.js";

export interface StoreSpaceOptions {
  /** Its wall clock is the space's clock. @default systemRuntime */
  readonly runtime?: Runtime | undefined;
  /** The first fence that is handed out; a decimal text. @default "1" */
  readonly firstFence?: Fence | undefined;
}

/** What several memory stores share, as processes share one Postgres: rows, history, leases, locks, fences, a clock. */
export class StoreSpace {
  readonly rows = new Table<StoredRow>();
  readonly history = new Table<HistoryRow>();
  readonly leases = new Table<Lease>();
  readonly #locks = new RowLocks();
  readonly #runtime: Runtime;
  #nextFence: bigint;
  #serviceMs = 0;
  #kept: { readonly id: string; readonly game: string } | null = null;
  #beatAt: number;

  constructor({ runtime = systemRuntime, firstFence = "1" }: StoreSpaceOptions = {}) {
    this.#runtime = runtime;
    this.#beatAt = this.now();
    this.#nextFence = BigInt(firstFence);
  }

  now(): number {
    return Math.floor(this.#runtime.wallClockMs());
  }

  /** The game that this space keeps, which is the first one asked about, and the space's own id. */
  keeps(game: string): { readonly id: string; readonly game: string } {
    this.#kept ??= { id: this.#runtime.randomId(), game };
    return this.#kept;
  }

  /** Moves the service clock on by the time since its last beat, at most so much; returns its time. */
  beatServiceClock(maxGapMs: number): number {
    const now = this.now();
    this.#serviceMs += Math.max(0, Math.min(now - this.#beatAt, maxGapMs));
    this.#beatAt = now;
    return this.#serviceMs;
  }

  /** A number above this one and all that were drawn before; a rollback does not give it back. */
  drawFence(above: Fence = "0"): Fence {
    if (BigInt(above) >= this.#nextFence) this.#nextFence = BigInt(above) + 1n;
    return String(this.#nextFence++);
  }

  /** A tombstone for a game that has no row to make it from. */
  tombstone(status: Tombstone["status"]): Tombstone {
    return { status, since: this.now(), version: toVersion(this.drawFence(), "1"), writeIds: "" };
  }

  /** Keeps a game's row, or a lease, to the transaction until it ends. @throws Aborted, StoreUnavailable for a deadlock */
  lock(key: string, transaction: MemoryTransaction, signal?: AbortSignal): Promise<void> {
    return this.#locks.acquire(key, transaction, signal);
  }

  /** Whether another transaction holds this game's row. */
  isLocked(gameId: GameId, transaction: MemoryTransaction | undefined): boolean {
    const holder = this.#locks.holderOf(gameId);
    return holder !== undefined && holder !== transaction;
  }

  /** Commits what the work changed, unless it throws. */
  async transaction<T>(work: (transaction: MemoryTransaction) => Promise<T>): Promise<T> {
    const transaction = new MemoryTransaction();
    let result: T;
    try {
      result = await work(transaction);
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    await transaction.commit();
    return result;
  }
}

/** Something for several memory stores to share. */
export function createStoreSpace(options?: StoreSpaceOptions): StoreSpace {
  return new StoreSpace(options);
}
