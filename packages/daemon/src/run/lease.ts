import { type Runtime, sleep } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import type { Logger } from "@turnkeep/manager";
import type { Gate } from "./task-runner.js";

export interface LeaseOptions {
  readonly store: Pick<Store, "acquireLease" | "releaseLease">;
  readonly name: string;
  /** Names this process; no two may share it. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly logger: Logger;
  readonly runtime: Pick<Runtime, "monotonicMs" | "schedule">;
}

/**
 * Keeps a lease by the store's clock, renewed three times within its length. It only saves work: that two daemons
 * may both believe for a moment that they hold it harms nothing.
 *
 *     waiting ──acquired──> held ──lost, or not renewed in time──> waiting
 */
export class Lease implements Gate {
  readonly #options: LeaseOptions;
  readonly #waiters = new Set<() => void>();
  readonly #end = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #heldUntil = Number.NEGATIVE_INFINITY;
  #reportedHeld = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  get held(): boolean {
    return this.#options.runtime.monotonicMs() < this.#heldUntil;
  }

  /** Begins to acquire and renew. */
  start(): void {
    this.#loop = this.#keep();
  }

  /** Gives the lease back, so that another daemon need not wait for its end. If the store is away, the lease ends by itself. */
  async release(): Promise<void> {
    this.#end.abort();
    await this.#loop;
    this.#heldUntil = Number.NEGATIVE_INFINITY;
    const { store, name, holder, logger } = this.#options;
    try {
      await store.releaseLease(name, holder);
      logger.debug({ lease: name }, "lease released");
    } catch (error) {
      logger.warn({ lease: name, err: error }, "lease not released; it ends by itself");
    }
  }

  opened(signal: AbortSignal): Promise<void> {
    if (this.held || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        this.#waiters.delete(finish);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      this.#waiters.add(finish);
      signal.addEventListener("abort", finish);
    });
  }

  async #keep(): Promise<void> {
    const { leaseMs, runtime } = this.#options;
    while (!this.#end.signal.aborted) {
      await this.#renew();
      if (this.held) for (const waiter of [...this.#waiters]) waiter();
      await sleep(runtime, leaseMs / 3, { signal: this.#end.signal });
    }
  }

  async #renew(): Promise<void> {
    const { store, name, holder, leaseMs, logger, runtime } = this.#options;
    // Counted from before the request, so that this process never believes longer than the store does.
    const askedAt = runtime.monotonicMs();
    try {
      const acquired = await store.acquireLease(name, holder, leaseMs);
      this.#heldUntil = acquired ? askedAt + leaseMs : Number.NEGATIVE_INFINITY;
    } catch (error) {
      logger.debug({ lease: name, err: error }, "lease not renewed");
    }
    if (this.held === this.#reportedHeld) return;
    this.#reportedHeld = this.held;
    logger.info({ lease: name }, this.held ? "lease held: working" : "lease held by another: standing by");
  }
}
