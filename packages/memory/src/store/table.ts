import type { MemoryTransaction } from "./transaction.js";

/**
 * Rows by key, read committed: a transaction sees its own changes over what others have committed, and its changes
 * become visible together when it commits.
 */
export class Table<V> {
  readonly #committed = new Map<string, V>();
  readonly #pending = new WeakMap<MemoryTransaction, Map<string, V | undefined>>();

  get(key: string, transaction?: MemoryTransaction): V | undefined {
    const pending = transaction && this.#pending.get(transaction);
    return pending?.has(key) ? pending.get(key) : this.#committed.get(key);
  }

  /** All rows in the order of their keys. */
  entries(transaction?: MemoryTransaction): readonly (readonly [string, V])[] {
    const keys = new Set([
      ...this.#committed.keys(),
      ...((transaction && this.#pending.get(transaction)?.keys()) ?? []),
    ]);
    return [...keys].sort().flatMap((key) => {
      const value = this.get(key, transaction);
      return value === undefined ? [] : [[key, value] as const];
    });
  }

  set(key: string, value: V | undefined, transaction: MemoryTransaction): void {
    const pending = this.#pending.get(transaction) ?? new Map<string, V | undefined>();
    this.#pending.set(transaction, pending.set(key, value));
    transaction.onCommit(this, () => {
      for (const [changed, row] of pending) {
        if (row === undefined) this.#committed.delete(changed);
        else this.#committed.set(changed, row);
      }
    });
  }
}
