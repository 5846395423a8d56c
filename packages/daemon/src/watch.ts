import { hostname } from "node:os";
import { type Runtime, sleep } from "@turnkeep/core";
import type { RecoveryProgress } from "@turnkeep/manager";
import type { Parts } from "./parts.js";
import { Lease } from "./run/lease.js";
import { type Backoff, retry } from "./run/retry.js";
import { TaskRunner } from "./run/task-runner.js";
import { watchIdentity } from "./run/watch-identity.js";
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
  readonly #watchCache: (signal: AbortSignal) => Promise<void>;
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
    this.runner = new TaskRunner([recover, ...others], { ...backoff, gate: this.lease });
    const onOther = () => this.runner.hurry(recover.name);
    this.#watchCache = (signal) => watchIdentity({ cache: parts.cache, logger, runtime, onOther }, signal);
    this.#firstRecovery = async (signal) => {
      const result = await retry("recovery", () => recover.run(signal), backoff, signal);
      if (result === null) return;
      this.recovered = true;
      this.runner.succeeded(recover.name, result);
      logger.info({ recovered: result.done, failed: result.failed }, "recovered what is live: ready");
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const { logger, runtime } = this.#backoff;
    const { stopAnnouncedMs, shutdownGraceMs } = this.#settings;
    this.lease.start();
    const ended = this.runner.run();
    // Without the lease, as one that stands by is to learn of a loss that the other does not live to repair. The cache is
    // looked at before anything is recovered.
    const stopped = new AbortController();
    const watching = this.#watchCache(stopped.signal);
    // Without the lease, and beside the other tasks: neither has to wait for the other.
    const recovering = this.#firstRecovery(signal);
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
    stopped.abort();
    await this.runner.stop();
    await Promise.all([ended, recovering, watching]);
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
