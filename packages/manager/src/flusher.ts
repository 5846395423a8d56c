import { reportUnavailable } from "./call.js";
import type { Context } from "./context.js";
import { flushDue } from "./flush-due.js";
import { flushGame } from "./flush-game.js";
import { mapLimit } from "./map-limit.js";

/** The timers that the flusher's loop runs on; tests bring their own. */
export interface Timers {
  setTimeout(work: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const systemTimers: Timers = {
  setTimeout: (work, ms) => setTimeout(work, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * idle ──start──> waiting ⇄ flushing ──stop──> stopped
 *
 * One round at a time; a round that fails is reported, and the loop goes on.
 */
export class Flusher<State extends object> {
  readonly #ctx: Context<State>;
  readonly #timers: Timers;
  #timer: unknown = null;
  #round: Promise<void> = Promise.resolve();
  #running = false;

  constructor(ctx: Context<State>, timers: Timers = systemTimers) {
    this.#ctx = ctx;
    this.#timers = timers;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#wait();
  }

  /** Ends the loop; resolves once the round under way is through. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timers.clearTimeout(this.#timer);
    await this.#round;
  }

  /** Flushes what this process wrote and has not seen flushed, due or not. Never throws: what is left is reported. */
  async drain(): Promise<void> {
    const left: string[] = [];
    await mapLimit(this.#ctx.unflushed.list(), this.#ctx.settings.flushBatchGames, async (gameId) => {
      try {
        await flushGame(this.#ctx, gameId);
      } catch (error) {
        left.push(gameId);
        this.#report(error);
      }
    });
    if (left.length > 0) {
      this.#ctx.log.warn({ games: left.length }, "games were left to others: they could not be flushed at the end");
    }
  }

  #wait(): void {
    this.#timer = this.#timers.setTimeout(() => {
      this.#round = this.#flush();
    }, this.#ctx.settings.flushEveryMs);
  }

  async #flush(): Promise<void> {
    try {
      await flushDue(this.#ctx);
    } catch (error) {
      this.#report(error);
    }
    if (this.#running) this.#wait();
  }

  #report(error: unknown): void {
    reportUnavailable(this.#ctx, error);
    this.#ctx.log.error({ err: error }, "a flush failed");
  }
}
