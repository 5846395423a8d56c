import { pauseAfter, type Runtime, sleep } from "@turnkeep/core";
import { busy, isBusy, isUnavailable } from "../errors.js";
import { throwIfAborted, unlessAborted, unlessLate } from "../util/abort.js";
import { Limiter } from "../util/limiter.js";

/** Between two tries of a load that finds the store too busy. */
const busyPauses = { firstMs: 20, longestMs: 250 };

/**
 * Lets one load of a game at a time in this process go to the store: two at once would take the install token from
 * each other. It says nothing about other processes; the token decides between those.
 * Of all games together so many loads may be at the store at once; the others queue.
 */
export class LoadLimiter {
  readonly #runtime: Pick<Runtime, "random" | "schedule">;
  readonly #loading = new Map<string, Promise<Error | null>>();
  readonly #store: Limiter;
  readonly #withinMs: number;

  /**
   * @param atOnce loads that may be at the store at once: after a restart of the cache, every game needs one
   * @param withinMs how long one may take, its wait in the queue included
   */
  constructor(runtime: Pick<Runtime, "random" | "schedule">, atOnce: number, withinMs: number) {
    this.#runtime = runtime;
    this.#store = new Limiter(atOnce);
    this.#withinMs = withinMs;
  }

  /** Whether a load would not have to wait in the queue. */
  get isFree(): boolean {
    return this.#store.isFree;
  }

  /**
   * Asks the store as soon as it is this load's turn, and again after a pause while that is too busy, such as for a
   * locked row: others have their turn meanwhile. `waited` says whether it had to wait.
   * @throws Aborted (`notDone`) if the signal fires before; StoreUnavailable (`notDone`, `busy`) when its time is up
   */
  async admit<T>(ask: (waited: boolean) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    const over = new AbortController();
    let late = tooMany();
    const untilAnswered = async () => {
      for (let tries = 1; ; tries++) {
        const waited = tries > 1 || !this.isFree;
        try {
          return await this.#store.run(() => ask(waited), over.signal);
        } catch (error) {
          if (!isBusy(error)) throw error;
          late = error;
        }
        await sleep(this.#runtime, pauseAfter(tries, busyPauses, this.#runtime), { signal: over.signal });
      }
    };
    try {
      return await unlessLate(unlessAborted(untilAnswered(), signal), this.#runtime, this.#withinMs, () => late);
    } finally {
      over.abort();
    }
  }

  /** The end of the load under way, with why it failed, or `null` if there is none. */
  underWay(gameId: string): Promise<Error | null> | null {
    return this.#loading.get(gameId) ?? null;
  }

  /**
   * Begins the game's one load; none may be under way. The caller calls what it gets at the end of the load: those who
   * wait for it share its failure, if a side was unavailable, since each of them would only wait as long again.
   */
  enter(gameId: string): (failure?: unknown) => void {
    let leave = (_failure: Error | null) => {};
    const ended = new Promise<Error | null>((resolve) => {
      leave = resolve;
    });
    this.#loading.set(gameId, ended);
    return (failure) => {
      if (this.#loading.get(gameId) === ended) this.#loading.delete(gameId);
      leave(isUnavailable(failure) ? failure : null);
    };
  }
}

function tooMany(): Error {
  return busy("StoreUnavailable", "notDone", "too many games are loaded from the store at once");
}
