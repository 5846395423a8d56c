import { TurnkeepError } from "@turnkeep/core";
import type { MemoryTransaction } from "./transaction.js";

interface Waiter {
  readonly transaction: MemoryTransaction;
  readonly take: () => void;
}

/** One holder a row, others in a queue; a row need not exist to be locked. */
export class RowLocks {
  readonly #holders = new Map<string, MemoryTransaction>();
  readonly #queues = new Map<string, Waiter[]>();

  holderOf(key: string): MemoryTransaction | undefined {
    return this.#holders.get(key);
  }

  /**
   * Resolves once the transaction holds the row, which it does until it ends.
   * @throws Aborted, StoreUnavailable for a deadlock; both `notDone`
   */
  async acquire(key: string, transaction: MemoryTransaction, signal?: AbortSignal): Promise<void> {
    const holder = this.#holders.get(key);
    if (holder === transaction) return;
    if (holder === undefined) return this.#give(key, transaction);
    if (this.#waitsOn(holder, transaction)) {
      throw new TurnkeepError("StoreUnavailable", "two transactions wait for each other", { fate: "notDone" });
    }
    transaction.waitsFor = key;
    try {
      await this.#turn(key, transaction, signal);
    } finally {
      transaction.waitsFor = null;
    }
  }

  /** Whether this transaction waits, directly or through others, for a row that the other one holds. */
  #waitsOn(transaction: MemoryTransaction, other: MemoryTransaction): boolean {
    const next = transaction.waitsFor === null ? undefined : this.#holders.get(transaction.waitsFor);
    return next !== undefined && (next === other || this.#waitsOn(next, other));
  }

  #turn(key: string, transaction: MemoryTransaction, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(key) ?? [];
      this.#queues.set(key, queue);
      const abort = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(new TurnkeepError("Aborted", "the caller's signal fired", { fate: "notDone" }));
      };
      const waiter: Waiter = {
        transaction,
        take: () => {
          signal?.removeEventListener("abort", abort);
          this.#give(key, transaction);
          resolve();
        },
      };
      queue.push(waiter);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  #give(key: string, transaction: MemoryTransaction): void {
    this.#holders.set(key, transaction);
    transaction.onEnd(() => {
      this.#holders.delete(key);
      const next = this.#queues.get(key)?.shift();
      if (next === undefined) this.#queues.delete(key);
      else next.take();
    });
  }
}
