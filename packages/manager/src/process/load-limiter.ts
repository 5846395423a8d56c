import { TurnkeepError } from "@turnkeep/core";
import { type BulkheadPolicy, bulkhead, TimeoutStrategy, timeout } from "cockatiel";
import { throwIfAborted, unlessAborted } from "../util/abort.js";

/**
 * Lets one load of a game at a time in this process go to the store: two at once would take the install token from
 * each other. Holding the gate says nothing about other processes; the token settles those.
 */
export class LoadGate {
  readonly #loading = new Map<string, Promise<void>>();
  readonly #store: BulkheadPolicy;
  readonly #withinMs: number;

  /**
   * @param atOnce loads that may be at the store at once: after a restart of the cache, every game needs one
   * @param withinMs how long one may take, its wait for room included
   */
  constructor(atOnce: number, withinMs: number) {
    this.#store = bulkhead(atOnce, Number.POSITIVE_INFINITY);
    this.#withinMs = withinMs;
  }

  /** Whether a load would not have to wait. */
  get hasRoom(): boolean {
    return this.#store.executionSlots > 0;
  }

  /**
   * Asks the store as soon as there is room; `waited` tells whether there was none at first.
   * @throws Aborted (`notDone`) if the signal fires before; StoreUnavailable (`notDone`, `busy`) when its time is up
   */
  async admit<T>(ask: (waited: boolean) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const waited = !this.hasRoom;
    const inTime = timeout(this.#withinMs, TimeoutStrategy.Aggressive);
    try {
      return await inTime.execute(({ signal: timeUp }) => {
        // Not given to the bulkhead: whoever leaves its queue by a signal takes the next one's turn along.
        const work = this.#store.execute(async () => {
          throwIfAborted(signal);
          throwIfAborted(timeUp);
          return ask(waited);
        });
        return unlessAborted(work, signal);
      });
    } catch (error) {
      if (!(error instanceof Error && "isTaskCancelledError" in error)) throw error;
      const details = { fate: "notDone", reason: "busy" } as const;
      throw new TurnkeepError("StoreUnavailable", "too many games are loaded from the store at once", details);
    }
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
