import { type BulkheadPolicy, bulkhead } from "cockatiel";
import { throwIfAborted, unlessAborted } from "../calls/abort.js";

/**
 * Lets one load of a game at a time in this process go to the store: two at once would take the install token from
 * each other. Holding the gate says nothing about other processes; the token settles those.
 */
export class LoadGate {
  readonly #loading = new Map<string, Promise<void>>();
  readonly #store: BulkheadPolicy;

  /** @param atOnce loads that may be at the store at once: after a restart of the cache, every game needs one */
  constructor(atOnce: number) {
    this.#store = bulkhead(atOnce, Number.POSITIVE_INFINITY);
  }

  /** Asks the store as soon as there is room. @throws Aborted (`notDone`) if the signal fires before */
  admit<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const work = this.#store.execute(() => {
      throwIfAborted(signal);
      return ask();
    });
    return unlessAborted(work, signal);
  }

  /** The end of the load under way, or `null` if there is none. */
  underWay(gameId: string): Promise<void> | null {
    return this.#loading.get(gameId) ?? null;
  }

  /** Takes the gate, which must be free; the caller calls what it gets once it is through. */
  enter(gameId: string): () => void {
    let leave = () => {};
    const ended = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#loading.set(gameId, ended);
    return () => {
      if (this.#loading.get(gameId) === ended) this.#loading.delete(gameId);
      leave();
    };
  }
}
