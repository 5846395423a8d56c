import { hostname } from "node:os";
import { isTurnkeepError, type Runtime, sleep } from "@turnkeep/core";
import type { RecoveryProgress } from "@turnkeep/manager";
import type { Parts } from "./parts.js";
import { Lease } from "./run/lease.js";
import { type Backoff, retry } from "./run/retry.js";
import { TaskRunner } from "./run/task-runner.js";
import type { DaemonSettings } from "./settings.js";
import { allTasks } from "./tasks/index.js";

type WatchBackoff = Backoff & { readonly runtime: Runtime };

/** What a daemon does once its stores are connected. */
export class Watch {
  readonly parts: Parts;
  readonly lease: Lease;
  readonly runner: TaskRunner;
  recovered = false;
  readonly #firstRecovery: (signal: AbortSignal) => Promise<void>;
  readonly #listenForGaps: (signal: AbortSignal) => Promise<unknown>;
  readonly #settings: DaemonSettings;
  readonly #backoff: WatchBackoff;

  constructor(
    parts: Parts,
    settings: DaemonSettings,
    backoff: WatchBackoff,
    onProgress: (progress: RecoveryProgress) => void,
  ) {
    const { logger, runtime } = backoff;
    this.parts = parts;
    this.#settings = settings;
    this.#backoff = backoff;
    this.lease = new Lease({
      store: parts.store,
      name: "recovery-daemon",
      holder: `${hostname()}:${process.pid}:${runtime.randomId()}`,
      leaseMs: settings.leaseMs,
      logger,
      runtime,
    });
    const { recover, others } = allTasks(parts, settings, onProgress);
    this.runner = new TaskRunner([recover, ...others], {
      ...backoff,
      gate: this.lease,
      // A cache that was away may have come back empty.
      onFailure: (error) => {
        if (isTurnkeepError(error, "CacheUnavailable")) this.runner.hurry(recover.name);
      },
    });
    // An outage may be shorter than any call waits. Then a subscription has a gap: no game needs to have this id.
    const onGap = () => this.runner.hurry(recover.name);
    this.#listenForGaps = (signal) =>
      retry("listening", () => parts.cache.subscribe(runtime.randomId(), () => undefined, onGap), backoff, signal);
    this.#firstRecovery = async (signal) => {
      const result = await retry("recovery", () => recover.run(signal), backoff, signal);
      if (result === null) return;
      this.recovered = true;
      logger.info({ recovered: result.done, failed: result.failed }, "recovered what is live: ready");
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const { logger, runtime } = this.#backoff;
    const { stopAnnouncedMs, shutdownGraceMs } = this.#settings;
    this.lease.start();
    const ended = this.runner.run();
    // Without the lease, and beside the other tasks: neither has to wait for the other.
    const recovering = this.#firstRecovery(signal);
    const listening = this.#listenForGaps(signal);
    await Promise.race([recovering, fired(signal)]);
    await fired(signal);
    logger.info({ announcedMs: stopAnnouncedMs }, "stopping");
    if (stopAnnouncedMs > 0) await sleep(runtime, stopAnnouncedMs);
    logger.info({}, "stopping: finishing the rounds under way");
    const graceIsOver = new AbortController();
    await Promise.race([
      this.runner.drain(),
      sleep(runtime, shutdownGraceMs, { signal: graceIsOver.signal, keepAlive: false }),
    ]);
    graceIsOver.abort();
    await this.runner.stop();
    await Promise.all([ended, recovering, listening]);
    await this.lease.release();
  }
}

/** Resolves with `null` once the signal fires. */
export function fired(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}
