import { LRUCache } from "lru-cache";

const most = 100_000;

/**
 * Ids of the games that this process wrote and has not seen flushed: what `close` drains. Another process may have
 * flushed one meanwhile, so the list is bounded and an entry is a hint, never a promise.
 */
export class UnflushedGames {
  readonly #ids = new LRUCache<string, true>({ max: most });

  add(gameId: string): void {
    this.#ids.set(gameId, true);
  }

  delete(gameId: string): void {
    this.#ids.delete(gameId);
  }

  list(): string[] {
    return [...this.#ids.keys()];
  }
}
