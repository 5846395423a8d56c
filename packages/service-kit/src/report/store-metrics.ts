import type { CancelTimer, Runtime } from "@turnkeep/core";
import type { SqlStore } from "@turnkeep/sql-store";
import { Counter, Gauge, type Registry } from "prom-client";
import { sampleStore } from "./sample-store.js";

/** A store that may have a pool of connections. */
export type PooledStore = Partial<Pick<SqlStore, "poolUse">>;

/** Gauges of the store's pool, where it has one. */
export function showPool({ poolUse }: PooledStore, register: Registry): void {
  if (poolUse === undefined) return;
  const shown = [
    ["connections_max", "size", "Connections to Postgres that the store's own statements may have"],
    ["connections_used", "used", "Those of them that are in use"],
    ["waiting_calls", "waiting", "Calls that wait for a connection to Postgres"],
  ] as const;
  for (const [name, fact, help] of shown) {
    new Gauge({
      name: `turnkeep_pool_${name}`,
      help,
      registers: [register],
      collect() {
        this.set(poolUse()[fact]);
      },
    });
  }
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
  return sampleStore(runtime, sampleEveryMs, sample);
}
