import { type CancelTimer, pauseAfter, type Runtime } from "@turnkeep/core";

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
