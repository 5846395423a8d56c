import { type Runtime, TurnkeepError } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import type { Logger } from "../events.js";
import type { ManagerSettings } from "../settings.js";
import { Loop } from "../util/retry.js";

interface Options {
  readonly store: Pick<Store, "beatServiceClock">;
  readonly settings: Pick<ManagerSettings, "runServiceClock" | "serviceBeatMs" | "serviceGapMs">;
  readonly log: Logger;
}

/**
 * The service time: ms that the service has been there, by the store's clock, one for all processes. Each that runs it
 * beats about once a second. Between two beats the time goes on by this process's own clock, but for no longer than the
 * gap: while the store is away, or no process beats, it stands still. It never goes back, and is never ahead of the store's.
 */
export class ServiceClock {
  readonly #runtime: Runtime;
  readonly #options: Options;
  readonly #loop: Loop;
  #beaten: { readonly serviceMs: number; readonly heardAt: number } | null = null;
  #shown = 0;
  #beating = true;

  constructor(runtime: Runtime, options: Options) {
    this.#runtime = runtime;
    this.#options = options;
    const { serviceBeatMs } = options.settings;
    // Processes that were started together do not stay in step.
    const everyMs = Math.ceil(serviceBeatMs * (0.9 + 0.2 * runtime.random()));
    const beat = { work: () => this.beat(), everyMs, longestPauseMs: everyMs, onFailure: this.#report };
    this.#loop = new Loop(runtime, beat);
  }

  /** The first beat, and the loop of those that follow, where this process runs the clock. @throws StoreUnavailable */
  async start(): Promise<void> {
    if (!this.#options.settings.runServiceClock) return;
    await this.beat();
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** @throws StoreUnavailable */
  async beat(): Promise<void> {
    const serviceMs = await this.#options.store.beatServiceClock(this.#options.settings.serviceGapMs);
    this.#beaten = { serviceMs, heardAt: this.#runtime.monotonicMs() };
    if (!this.#beating) this.#options.log.info({}, "the service clock goes on");
    this.#beating = true;
  }

  /** In whole ms. @throws NotRunning where this process does not run the clock */
  now(): number {
    if (this.#beaten === null) {
      throw new TurnkeepError("NotRunning", "the service clock does not run here: set runServiceClock", {});
    }
    const { serviceMs, heardAt } = this.#beaten;
    const since = Math.min(this.#runtime.monotonicMs() - heardAt, this.#options.settings.serviceGapMs);
    this.#shown = Math.max(this.#shown, serviceMs + Math.max(0, Math.floor(since)));
    return this.#shown;
  }

  /** Logs it once, not at every beat. */
  readonly #report = (error: unknown): void => {
    if (this.#beating) this.#options.log.warn({ err: error }, "the service clock could not beat; it stops for now");
    this.#beating = false;
  };
}
