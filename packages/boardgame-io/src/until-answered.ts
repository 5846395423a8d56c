import { isTurnkeepError, pauseAfter, type Runtime, sleep } from "@turnkeep/core";

/** A call that could not be done, and why; the match is as it was. */
export type OnError = (error: unknown, call: { readonly method: string; readonly matchID: string | null }) => void;

const pauses = { firstMs: 50, longestMs: 1_000 };

/** What passes: the same call with the same write id may succeed later. */
const passing = ["StoreUnavailable", "CacheUnavailable", "Backpressure", "RevisionConflict"] as const;

/**
 * boardgame.io awaits its storage in listeners of sockets, where a rejection ends the process. So a call waits for its
 * answer: while a store is away it is tried again, and what no waiting repairs is reported, and done without.
 */
export class UntilAnswered {
  readonly #closing = new AbortController();
  readonly #runtime: Runtime;
  readonly #onError: OnError;

  constructor(runtime: Runtime, onError: OnError) {
    this.#runtime = runtime;
    this.#onError = onError;
  }

  /** What the work gives; `undefined` if it cannot be done, or not before `close`. Never rejects. */
  async run<T>(method: string, matchID: string | null, work: () => Promise<T>): Promise<T | undefined> {
    for (let failures = 1; ; failures++) {
      try {
        return await work();
      } catch (error) {
        const passes = passing.some((code) => isTurnkeepError(error, code));
        const pauseMs = pauseAfter(failures, pauses, this.#runtime);
        if (passes && (await sleep(this.#runtime, pauseMs, { signal: this.#closing.signal }))) continue;
        this.report(error, method, matchID);
        return undefined;
      }
    }
  }

  /** Calls that are waiting give up. */
  close(): void {
    this.#closing.abort();
  }

  /** Never throws. */
  report(error: unknown, method: string, matchID: string | null): void {
    try {
      this.#onError(error, { method, matchID });
    } catch {
      // A listener that throws must not end the process either.
    }
  }
}
