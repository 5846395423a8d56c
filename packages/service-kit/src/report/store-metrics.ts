import type { CancelTimer, Runtime } from "@turnkeep/core";
import type { SqlStore } from "@turnkeep/sql-store";
import { Counter, Gauge, type Registry } from "prom-client";
import { repeat } from "../process/repeat.js";
import { answers } from "../stores/ping-stores.js";

/** A store that may have a pool of connections. */
export type PooledStore = Partial<Pick<SqlStore, "poolUse">>;

/** Gauges of the store's pool, where it has one. */
export function showPool({ poolUse }: PooledStore, register: Registry): void {
  if (poolUse === undefined) return;
  const registers = [register];
  new Gauge({
    name: "turnkeep_pool_connections_max",
    help: "Connections to Postgres that the store's own statements may have",
    registers,
    collect() {
      this.set(poolUse().size);
    },
  });
  new Gauge({
    name: "turnkeep_pool_connections_used",
    help: "Those of them that are in use",
    registers,
    collect() {
      this.set(poolUse().used);
    },
  });
  new Gauge({
    name: "turnkeep_pool_waiting_calls",
    help: "Calls that wait for a connection to Postgres",
    registers,
    collect() {
      this.set(poolUse().waiting);
    },
  });
}

const sampleEveryMs = 60_000;

/**
 * Counters of the updates of the games' table and of those that were in place (HOT), as Postgres's statistics have them:
 * sampled now and every minute until the returned function is called. They keep their values while the store is away.
 */
export function sampleUpdates(
  store: Pick<SqlStore, "countUpdates">,
  register: Registry,
  runtime: Pick<Runtime, "schedule">,
): CancelTimer {
  const registers = [register];
  const all = new Counter({
    name: "turnkeep_game_row_updates_total",
    help: "Updates of rows of games, as Postgres counts them",
    registers,
  });
  const hot = new Counter({
    name: "turnkeep_game_row_hot_updates_total",
    help: "Those of them that were in place (HOT) and wrote to no index",
    registers,
  });
  const sample = async (signal: AbortSignal) => {
    const counts = await store.countUpdates({ signal });
    all.reset();
    all.inc(counts.updates);
    hot.reset();
    hot.inc(counts.hot);
  };
  void answers(sample, runtime);
  return repeat(runtime, sampleEveryMs, () => void answers(sample, runtime));
}
