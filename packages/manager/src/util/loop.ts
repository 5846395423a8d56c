import { ExponentialBackoff, type IBackoff } from "cockatiel";

/** The timers that a loop runs on; tests bring their own. */
export interface Timers {
  setTimeout(work: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const systemTimers: Timers = {
  setTimeout: (work, ms) => setTimeout(work, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

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
 * One round of work at a time; a round that fails is reported, and the loop goes on after a longer and longer pause.
 */
export class Loop {
  readonly #options: LoopOptions;
  readonly #timers: Timers;
  readonly #backoff: ExponentialBackoff<unknown>;
  #pause: IBackoff<unknown> | null = null;
  #timer: unknown = null;
  #round: Promise<void> = Promise.resolve();
  #running = false;

  constructor(options: LoopOptions, timers: Timers = systemTimers) {
    this.#options = options;
    this.#timers = timers;
    this.#backoff = new ExponentialBackoff({ initialDelay: options.everyMs, maxDelay: options.longestPauseMs });
  }

  /** @param firstMs the pause before the first round */
  start(firstMs: number = this.#options.everyMs): void {
    if (this.#running) return;
    this.#running = true;
    this.#wait(firstMs);
  }

  /** Ends the loop; resolves once the round under way is through. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timers.clearTimeout(this.#timer);
    await this.#round;
  }

  #wait(ms: number): void {
    this.#timer = this.#timers.setTimeout(() => {
      this.#round = this.#work();
    }, ms);
  }

  async #work(): Promise<void> {
    const { work, everyMs, onFailure } = this.#options;
    try {
      await work();
      this.#pause = null;
    } catch (error) {
      this.#pause = this.#pause?.next(undefined) ?? this.#backoff.next();
      onFailure(error);
    }
    if (this.#running) this.#wait(Math.max(everyMs, this.#pause?.duration ?? 0));
  }
}
