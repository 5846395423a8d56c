import type { Runtime } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import { composeDaemon } from "./compose-daemon.js";
import type { Config } from "./config.js";
import { healthServer } from "./report/health.js";
import { type DaemonMetrics, serveDaemonMetrics } from "./report/metrics.js";
import { type ProgressStream, recoveryProgress } from "./report/progress.js";

export interface DaemonOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly progress: ProgressStream;
  readonly runtime: Runtime;
}

/**
 * Runs the card game's daemon with its health endpoints and its metrics, until the signal fires.
 * @throws Misconfigured, and whatever keeps the health endpoints or the metrics from listening
 */
export async function runDaemon(
  { config, logger, progress, runtime }: DaemonOptions,
  signal: AbortSignal,
): Promise<void> {
  let metrics: DaemonMetrics | null = null;
  const daemon = composeDaemon(config, {
    logger,
    runtime,
    onProgress: recoveryProgress(progress, logger),
    onStart: (parts) => metrics?.countGames(parts),
  });
  const health = healthServer(daemon, runtime);
  try {
    const address = await health.listen({ host: config.host, port: config.port });
    logger.info({ address }, "health endpoints listen");
    metrics = await serveDaemonMetrics(daemon, runtime, config);
    if (metrics !== null) logger.info({ metrics: `${metrics.address}/metrics` }, "metrics are served");
    await daemon.run(signal);
  } finally {
    await metrics?.close();
    await health.close();
  }
}
