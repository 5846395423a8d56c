import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../free-port.js";
import { spawnOwned } from "../owned-process.mjs";
import { removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { findPrometheus } from "./find-prometheus.js";

export interface PrometheusOptions {
  /** Files of alert rules. */
  readonly rules: readonly string[];
  /** `host:port` of what is scraped, by job. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** How often it scrapes and evaluates, in seconds. */
  readonly everySeconds: number;
}

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const stopGraceMs = 10_000;

/** A Prometheus on loopback that evaluates these rules. @throws Error if there is none, or it is not ready in time */
export async function startPrometheus({ rules, targets, everySeconds }: PrometheusOptions): Promise<RunningPrometheus> {
  const { prometheus } = await findPrometheus();
  const folder = temporaryFolder("prometheus");
  // JSON is YAML.
  const config = {
    global: {
      scrape_interval: `${everySeconds}s`,
      evaluation_interval: `${everySeconds}s`,
      scrape_timeout: `${everySeconds}s`,
    },
    rule_files: rules,
    scrape_configs: Object.entries(targets).map(([job, hosts]) => ({
      job_name: job,
      static_configs: [{ targets: hosts }],
    })),
  };
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
  const port = await freePort();
  const args = [
    "--config.file=prometheus.yml",
    "--storage.tsdb.path=data",
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ];
  const server = spawnOwned({ file: prometheus, args, cwd: folder, orphanSignal: "KILL" });
  const stop = async () => {
    await server.end("SIGTERM", stopGraceMs);
    removeTemporaryFolder(folder);
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + readyWithinMs;
  while (!(await isReady(`${url}/-/ready`))) {
    if (!server.running() || Date.now() > deadline) {
      await stop();
      throw new Error(`Prometheus did not start: ${server.output()}`);
    }
    await delay(50);
  }
  return { url, stop };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
