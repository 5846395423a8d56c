import type { CancelTimer, Runtime } from "@turnkeep/core";
import { countManagerEvents, sampleQuarantined, sampleUpdates, serveMetrics, showPool } from "@turnkeep/service-kit";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Surroundings } from "../compose-daemon.js";
import type { Config } from "../config.js";
import type { DaemonHealth } from "./health.js";

export interface DaemonMetrics {
  /** Such as `http://127.0.0.1:9464`. */
  readonly address: string;
  /** Reports what the manager and the store do from now on; to be called once. */
  readonly countGames: NonNullable<Surroundings["onStart"]>;
  close(): Promise<void>;
}

/**
 * Serves the daemon's metrics for Prometheus; `null` if no port is set.
 * @throws what listening throws
 */
export async function serveDaemonMetrics(
  source: DaemonHealth,
  runtime: Pick<Runtime, "schedule">,
  { metricsHost, metricsPort }: Pick<Config, "metricsHost" | "metricsPort">,
): Promise<DaemonMetrics | null> {
  if (metricsPort === undefined) return null;
  const register = new Registry();
  collectDefaultMetrics({ register });
  addDaemonMetrics(source, register);
  const { address, close } = await serveMetrics(register, metricsHost, metricsPort);
  const stopSampling: CancelTimer[] = [];
  return {
    address,
    countGames: ({ events, store }) => {
      countManagerEvents(events, register, source, runtime);
      showPool(store, register);
      stopSampling.push(sampleQuarantined(store, register, runtime), sampleUpdates(store, register, runtime));
    },
    close: async () => {
      for (const stop of stopSampling) stop();
      await close();
    },
  };
}

/** Collected when Prometheus asks, from the same source as the health endpoints. */
function addDaemonMetrics(source: Pick<DaemonHealth, "state" | "leaseHeld" | "tasks">, register: Registry): void {
  const registers = [register];
  new Gauge({
    name: "turnkeep_daemon_ready",
    help: "1 once live games are recovered, until shutdown begins",
    registers,
    collect() {
      this.set(source.state() === "ready" ? 1 : 0);
    },
  });
  new Gauge({
    name: "turnkeep_daemon_lease_held",
    help: "1 for the daemon that works, 0 for a standby",
    registers,
    collect() {
      this.set(source.leaseHeld() ? 1 : 0);
    },
  });
  new Counter({
    name: "turnkeep_daemon_rounds_total",
    help: "Rounds that a task has begun",
    labelNames: ["task"],
    registers,
    collect() {
      this.reset();
      for (const { name, rounds } of source.tasks()) this.inc({ task: name }, rounds);
    },
  });
  new Gauge({
    name: "turnkeep_daemon_failures_in_a_row",
    help: "Rounds of a task that failed since the last one that succeeded",
    labelNames: ["task"],
    registers,
    collect() {
      for (const { name, failedInARow } of source.tasks()) this.set({ task: name }, failedInARow);
    },
  });
  new Gauge({
    name: "turnkeep_daemon_task_age_seconds",
    help: "How long ago a round of a task last went through here, none before the first",
    labelNames: ["task"],
    registers,
    collect() {
      for (const { name, succeededAgoMs } of source.tasks()) {
        if (succeededAgoMs !== null) this.set({ task: name }, succeededAgoMs / 1_000);
      }
    },
  });
  new Counter({
    name: "turnkeep_daemon_task_games_total",
    help: "What the rounds of a task did, in games, and tombstones of those: done, or failed",
    labelNames: ["task", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const { name, total } of source.tasks()) {
        this.inc({ task: name, outcome: "done" }, total.done);
        this.inc({ task: name, outcome: "failed" }, total.failed);
      }
    },
  });
}
