import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { isTurnkeepError } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import type { Config } from "./config.js";
import type { Parts } from "./parts.js";
import { type HealthSource, healthServer } from "./report/health.js";
import { type DaemonMetrics, serveDaemonMetrics } from "./report/metrics.js";
import { type ProgressStream, recoveryProgress } from "./report/progress.js";
import { Lease } from "./run/lease.js";
import { type Backoff, retry } from "./run/retry.js";
import { TaskRunner } from "./run/task-runner.js";
import { systemTimers } from "./run/timers.js";
import { startParts } from "./start-parts.js";
import { allTasks } from "./tasks/index.js";

export interface DaemonOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly progress: ProgressStream;
  readonly compose: () => Parts;
  /** Told the address of the health endpoints once they answer. */
  readonly onListening?: ((address: string) => void) | undefined;
}

/**
 * Watches over the stores until the signal fires: recovers what is live, then does its duties in loops while it holds
 * the lease. Stores that are away are waited for. At the end it finishes the rounds under way within the grace time,
 * gives the lease back and closes what it opened.
 * @throws Misconfigured, and whatever keeps the health endpoints or the metrics from listening
 */
export async function runDaemon(options: DaemonOptions, signal: AbortSignal): Promise<void> {
  const { config, logger } = options;
  const backoff: Backoff = { logger, timers: systemTimers, backoffMinMs: 500, backoffMaxMs: config.backoffMaxMs };
  let watch: Watch | null = null;
  const source = healthOf(() => watch, signal);
  const health = healthServer(source);
  let metrics: DaemonMetrics | null = null;
  try {
    const address = await health.listen({ host: config.host, port: config.port });
    logger.info({ address }, "health endpoints listen");
    options.onListening?.(address);
    metrics = await serveDaemonMetrics(source, config);
    if (metrics !== null) logger.info({ metrics: `${metrics.address}/metrics` }, "metrics are served");

    const start = () => startParts(options.compose, config.migrateOnStart);
    const parts = await retry("start", start, backoff, signal);
    if (parts === null) return;
    metrics?.countEvents(parts.events);
    try {
      watch = new Watch(parts, options, backoff);
      await watch.run(signal);
    } finally {
      await parts.manager.close();
    }
  } finally {
    await metrics?.close();
    await health.close();
    logger.info({}, "stopped");
  }
}

/** What the daemon does once its stores are connected. */
class Watch {
  readonly parts: Parts;
  readonly lease: Lease;
  readonly runner: TaskRunner;
  recovered = false;
  readonly #firstRecovery: (signal: AbortSignal) => Promise<void>;
  readonly #options: DaemonOptions;

  constructor(parts: Parts, options: DaemonOptions, backoff: Backoff) {
    const { config, logger } = options;
    this.parts = parts;
    this.#options = options;
    this.lease = new Lease({
      store: parts.store,
      name: "recovery-daemon",
      holder: `${hostname()}:${process.pid}:${randomBytes(6).toString("hex")}`,
      leaseMs: config.leaseMs,
      logger,
      timers: backoff.timers,
    });
    const { recover, others } = allTasks(parts, config, recoveryProgress(options.progress, logger));
    this.runner = new TaskRunner([recover, ...others], {
      ...backoff,
      gate: this.lease,
      // A cache that was away may have come back empty.
      onFailure: (error) => {
        if (isTurnkeepError(error, "CacheUnavailable")) this.runner.hurry(recover.name);
      },
    });
    this.#firstRecovery = async (signal) => {
      const result = await retry("recovery", () => recover.run(signal), backoff, signal);
      if (result === null) return;
      this.recovered = true;
      logger.info({ recovered: result.done, failed: result.failed }, "recovered what is live: ready");
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    this.lease.start();
    const ended = this.runner.run();
    // Without the lease, and with the other duties under way: neither has to wait for the other.
    const recovering = this.#firstRecovery(signal);
    await Promise.race([recovering, fired(signal)]);
    await fired(signal);
    this.#options.logger.info({}, "stopping: finishing the rounds under way");
    await Promise.race([this.runner.drain(), this.#grace()]);
    await this.runner.stop();
    await Promise.all([ended, recovering]);
    await this.lease.release();
  }

  #grace(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#options.config.shutdownGraceMs).unref());
  }
}

function healthOf(watch: () => Watch | null, signal: AbortSignal): HealthSource {
  const notYet = () => Promise.reject(new Error("not connected yet"));
  return {
    ready: () => !signal.aborted && (watch()?.recovered ?? false),
    leaseHeld: () => watch()?.lease.held ?? false,
    tasks: () => watch()?.runner.status() ?? [],
    pingStore: (pingSignal) => watch()?.parts.store.ping({ signal: pingSignal }) ?? notYet(),
    pingCache: (pingSignal) => watch()?.parts.cache.ping({ signal: pingSignal }) ?? notYet(),
  };
}

function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
