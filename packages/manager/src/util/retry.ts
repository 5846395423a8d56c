import { type CancelTimer, pauseAfter, type Runtime, sleep } from "@turnkeep/core";
import { cacheContended } from "../errors.js";
import { throwIfAborted } from "./abort.js";

/** Rounds that others may come in between before a call gives up. */
const rounds = 30;
const longestPauseMs = 50;

export interface RetryOptions {
  readonly runtime: Runtime;
  readonly gameId: string;
  readonly signal: AbortSignal | undefined;
  /** What to throw after the last round; default CacheUnavailable (`notDone`, `busy`). */
  readonly exhausted?: ((gameId: string) => Error) | undefined;
}

/**
 * Runs the round until it has an answer. A round says `again` if another call or a loss of the cache came in between:
 * the first repetition follows at once, the others after pauses that are random and grow, so that calls which are in
 * each other's way fall out of step.
 * @throws what `exhausted` gives after 30 rounds without an answer; Aborted (`notDone`) between two rounds
 */
export async function retryUntil<T>(
  { runtime, gameId, signal, exhausted = cacheContended }: RetryOptions,
  round: () => Promise<T | "again">,
): Promise<T> {
  for (let repetition = 0; repetition < rounds; repetition++) {
    if (repetition > 1) await sleep(runtime, runtime.random() * Math.min(repetition * 2, longestPauseMs), { signal });
    throwIfAborted(signal);
    const answer = await round();
    if (answer !== "again") return answer;
  }
  throw exhausted(gameId);
}

export interface LoopOptions {
  readonly work: () => Promise<void>;
  readonly everyMs: number;
  /** After failures the pauses grow up to this; never shorter than `everyMs`. */
  readonly longestPauseMs: number;
  readonly onFailure: (error: unknown) => void;
}

/**
 * idle ──start──> waiting ⇄ working ──stop──> stopped
 *
 * One round of work at a time. A round that fails is reported, and the loop goes on after a longer and longer pause.
 * Its timers keep no process alive.
 */
export class Loop {
  readonly #runtime: Runtime;
  readonly #options: LoopOptions;
  #failures = 0;
  #cancelTimer: CancelTimer = () => undefined;
  #round: Promise<void> = Promise.resolve();
  #running = false;

  constructor(runtime: Runtime, options: LoopOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** @param firstMs the pause before the first round */
  start(firstMs: number = this.#options.everyMs): void {
    if (this.#running) return;
    this.#running = true;
    this.#wait(firstMs);
  }

  /** Ends the loop; resolves once the round under way has ended. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTimer();
    await this.#round;
  }

  #wait(ms: number): void {
    const begin = () => {
      this.#round = this.#work();
    };
    this.#cancelTimer = this.#runtime.schedule(begin, ms, { keepAlive: false });
  }

  async #work(): Promise<void> {
    const { work, everyMs, longestPauseMs, onFailure } = this.#options;
    try {
      await work();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      onFailure(error);
    }
    if (!this.#running) return;
    const pauses = { firstMs: 2 * everyMs, longestMs: longestPauseMs };
    this.#wait(this.#failures === 0 ? everyMs : Math.max(everyMs, pauseAfter(this.#failures, pauses, this.#runtime)));
  }
}
