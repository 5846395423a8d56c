import type { Watcher } from "../games/watch/game-watches.js";
import type { Outbox } from "./outbox.js";

/** The games that one socket watches. */
export class WatchedGames implements Watcher {
  viewerId: string | null = null;
  readonly #outbox: Pick<Outbox, "show" | "forget">;
  readonly #max: number;
  readonly #watched = new Map<string, () => void>();

  constructor(outbox: Pick<Outbox, "show" | "forget">, max: number) {
    this.#outbox = outbox;
    this.#max = max;
  }

  has(gameId: string): boolean {
    return this.#watched.has(gameId);
  }

  /** Whether the socket may watch this game, or one more. */
  mayWatch(gameId: string): boolean {
    return this.#watched.has(gameId) || this.#watched.size < this.#max;
  }

  /** @param watch begins to watch, and returns what ends that */
  add(gameId: string, watch: (watcher: Watcher) => () => void): void {
    if (!this.#watched.has(gameId)) this.#watched.set(gameId, watch(this));
  }

  remove(gameId: string): void {
    this.#watched.get(gameId)?.();
    this.#watched.delete(gameId);
    this.#outbox.forget(gameId);
  }

  clear(): void {
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  show(gameId: string, text: string): void {
    if (this.#watched.has(gameId)) this.#outbox.show(gameId, text);
  }

  finished(gameId: string): void {
    this.#watched.delete(gameId);
  }
}
