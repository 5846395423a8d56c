import { type Runtime, TurnkeepError } from "@turnkeep/core";
import { throwIfAborted, unlessAborted, unlessLate } from "../util/abort.js";
import { Limiter } from "../util/limiter.js";

/**
 * Lets one load of a game at a time in this process go to the store: two at once would take the install token from
 * each other. It says nothing about other processes; the token decides between those.
 * Of all games together so many loads may be at the store at once; the others queue.
 */
export class LoadLimiter {
  readonly #runtime: Pick<Runtime, "schedule">;
  readonly #loading = new Map<string, Promise<void>>();
  readonly #store: Limiter;
  readonly #withinMs: number;

  /**
   * @param atOnce loads that may be at the store at once: after a restart of the cache, every game needs one
   * @param withinMs how long one may take, its wait in the queue included
   */
  constructor(runtime: Pick<Runtime, "schedule">, atOnce: number, withinMs: number) {
    this.#runtime = runtime;
    this.#store = new Limiter(atOnce);
    this.#withinMs = withinMs;
  }

  /** Whether a load would not have to wait in the queue. */
  get isFree(): boolean {
    return this.#store.isFree;
  }

  /**
   * Asks the store as soon as it is this load's turn; `waited` says whether it had to wait in the queue.
   * @throws Aborted (`notDone`) if the signal fires before; StoreUnavailable (`notDone`, `busy`) when its time is up
   */
  async admit<T>(ask: (waited: boolean) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    const waited = !this.isFree;
    const over = new AbortController();
    const work = this.#store.run(() => ask(waited), over.signal);
    try {
      return await unlessLate(unlessAborted(work, signal), this.#runtime, this.#withinMs, tooLate);
    } finally {
      over.abort();
    }
  }

  /** The end of the load under way, or `null` if there is none. */
  underWay(gameId: string): Promise<void> | null {
    return this.#loading.get(gameId) ?? null;
  }

  /** Begins the game's one load; none may be under way. The caller calls what it gets at the end of the load. */
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

function tooLate(): Error {
  const details = { fate: "notDone", reason: "busy" } as const;
  return new TurnkeepError("StoreUnavailable", "too many games are loaded from the store at once", details);
}
