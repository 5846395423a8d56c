import { isTurnkeepError, type Runtime, TurnkeepError } from "@turnkeep/core";
import { pauseAfter } from "../util/pauses.js";

export interface BreakerOptions {
  readonly code: "StoreUnavailable" | "CacheUnavailable";
  /** Unanswered calls in a row after which the side counts as away; 0: never. */
  readonly afterFailures: number;
  /** How long it is left alone at most before one call tries it again, in ms. */
  readonly probeEveryMs: number;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

const firstProbeMs = 50;

/**
 * closed ──so many unanswered calls in a row──> open ⇄ probing ──the probe is answered──> closed
 *
 * While it is open, calls fail at once: `notDone`, since they are not made. After a pause one call at a time is made
 * all the same, as a probe; each probe that is not answered makes the next pause longer. An error of a side that
 * answers is an answer. What ends before the side could answer, such as by the caller's signal, is neither.
 */
export class Breaker {
  readonly #runtime: Runtime;
  readonly #options: BreakerOptions;
  #unansweredInARow = 0;
  #pauses = 0;
  #probeAt = 0;
  #probing = false;

  constructor(runtime: Runtime, options: BreakerOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** True from the failures that opened it until a call was answered. */
  get isOpen(): boolean {
    return this.#pauses > 0;
  }

  /** Makes the call, unless the side is left alone. @throws what the call throws; its own code, `notDone`, `away` */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.isOpen ? this.#probe(call) : this.#try(call);
  }

  async #try<T>(call: () => Promise<T>): Promise<T> {
    try {
      const reply = await call();
      this.#unansweredInARow = 0;
      return reply;
    } catch (error) {
      if (this.#isUnanswered(error)) {
        this.#unansweredInARow += 1;
        const { afterFailures, onAway } = this.#options;
        if (afterFailures > 0 && this.#unansweredInARow >= afterFailures && !this.isOpen) {
          this.#pause();
          onAway(error);
        }
      }
      throw error;
    }
  }

  async #probe<T>(call: () => Promise<T>): Promise<T> {
    if (this.#probing || this.#runtime.monotonicMs() < this.#probeAt) throw this.#leftAlone();
    this.#probing = true;
    try {
      const reply = await call();
      this.#close();
      return reply;
    } catch (error) {
      if (this.#isUnanswered(error)) this.#pause();
      else if (!isTurnkeepError(error, "Aborted")) this.#close();
      throw error;
    } finally {
      this.#probing = false;
    }
  }

  #pause(): void {
    this.#pauses += 1;
    const pauses = { firstMs: firstProbeMs, longestMs: this.#options.probeEveryMs };
    this.#probeAt = this.#runtime.monotonicMs() + pauseAfter(this.#pauses, pauses, this.#runtime);
  }

  #close(): void {
    this.#pauses = 0;
    this.#unansweredInARow = 0;
    this.#options.onBack();
  }

  #isUnanswered(error: unknown): boolean {
    if (!isTurnkeepError(error, this.#options.code)) return false;
    return error.details.reason === undefined || error.details.reason === "away";
  }

  #leftAlone(): TurnkeepError {
    const { code } = this.#options;
    const which = code === "StoreUnavailable" ? "store" : "cache";
    return new TurnkeepError(code, `the ${which} is away, and was not asked`, { fate: "notDone", reason: "away" });
  }
}
