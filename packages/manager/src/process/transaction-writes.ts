import type { Version } from "@turnkeep/core";

/**
 * What callers' open transactions wrote through this manager. Such a row is locked by its transaction, so whatever
 * else that does with the game must go to the row and never wait for a load. Forgotten with the transaction itself.
 */
export class TransactionWrites {
  readonly #writes = new WeakMap<object, Map<string, Version>>();

  /** The version that this transaction gave the game, if it wrote it. */
  versionIn(transaction: unknown, gameId: string): Version | undefined {
    return typeof transaction === "object" && transaction !== null
      ? this.#writes.get(transaction)?.get(gameId)
      : undefined;
  }

  wrote(transaction: unknown, gameId: string, version: Version): void {
    if (typeof transaction !== "object" || transaction === null) return;
    const games = this.#writes.get(transaction);
    if (games === undefined) this.#writes.set(transaction, new Map([[gameId, version]]));
    else games.set(gameId, version);
  }
}
