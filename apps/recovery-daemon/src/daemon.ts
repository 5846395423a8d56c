import { hostname } from "node:os";
import { isTurnkeepError, type Runtime, sleep } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import { beforeStop, finishesWithin } from "@turnkeep/service-kit";
import type { Config } from "./config.js";
import { type Parts, startParts } from "./parts.js";
import { type DaemonHealth, healthServer } from "./report/health.js";
import { type DaemonMetrics, serveDaemonMetrics } from "./report/metrics.js";
import { type ProgressStream, recoveryProgress } from "./report/progress.js";
import { Lease } from "./run/lease.js";
import { type Backoff, retry } from "./run/retry.js";
import { TaskRunner } from "./run/task-runner.js";
import { allTasks } from "./tasks/index.js";

export interface DaemonOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly progress: ProgressStream;
  readonly compose: () => Parts;
  readonly runtime: Runtime;
  /** Called with the address of the health endpoints once they answer. */
  readonly onListening?: ((address: string) => void) | undefined;
}

/**
 * Watches over the stores until the signal fires: recovers what is live, then runs its tasks in loops while it holds
 * the lease. If a store is away, it waits for the store. At the end it says that it is not ready, for a while if the
 * settings say so, finishes the rounds under way within the grace time,
 * gives the lease back and closes what it opened.
 * @throws Misconfigured, and whatever keeps the health endpoints or the metrics from listening
 */
export async function runDaemon(options: DaemonOptions, signal: AbortSignal): Promise<void> {
  const { config, logger, runtime } = options;
  const backoff: Backoff = { logger, runtime, pauses: { firstMs: 500, longestMs: config.backoffMaxMs } };
  let watch: Watch | null = null;
  const source = healthOf(() => watch, signal);
  const health = healthServer(source, runtime);
  let metrics: DaemonMetrics | null = null;
  try {
    const address = await health.listen({ host: config.host, port: config.port });
    logger.info({ address }, "health endpoints listen");
    options.onListening?.(address);
    metrics = await serveDaemonMetrics(source, runtime, config);
    if (metrics !== null) logger.info({ metrics: `${metrics.address}/metrics` }, "metrics are served");

    const parts = await beforeStop(
      retry("start", () => startParts(options.compose), backoff, signal),
      signal,
    );
    if (parts === null) return;
    metrics?.countGames(parts.events, parts.store);
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
  readonly #listenForGaps: (signal: AbortSignal) => Promise<unknown>;
  readonly #options: DaemonOptions;

  constructor(parts: Parts, options: DaemonOptions, backoff: Backoff) {
    const { config, logger, runtime } = options;
    this.parts = parts;
    this.#options = options;
    this.lease = new Lease({
      store: parts.store,
      name: "recovery-daemon",
      holder: `${hostname()}:${process.pid}:${runtime.randomId()}`,
      leaseMs: config.leaseMs,
      logger,
      runtime,
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
    const { config, logger, runtime } = this.#options;
    this.lease.start();
    const ended = this.runner.run();
    // Without the lease, and beside the other tasks: neither has to wait for the other.
    const recovering = this.#firstRecovery(signal);
    const listening = this.#listenForGaps(signal);
    await Promise.race([recovering, fired(signal)]);
    await fired(signal);
    logger.info({ announcedMs: config.stopAnnouncedMs }, "stopping");
    if (config.stopAnnouncedMs > 0) await sleep(runtime, config.stopAnnouncedMs);
    logger.info({}, "stopping: finishing the rounds under way");
    await finishesWithin(runtime, this.runner.drain(), config.shutdownGraceMs);
    await this.runner.stop();
    await Promise.all([ended, recovering, listening]);
    await this.lease.release();
  }
}

function healthOf(watch: () => Watch | null, signal: AbortSignal): DaemonHealth {
  const notYet = () => Promise.reject(new Error("not connected yet"));
  return {
    state: () => {
      if (signal.aborted) return "shuttingDown";
      return watch()?.recovered ? "ready" : "notReady";
    },
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
