import type { CancelTimer, Runtime } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import { Gauge, type Registry } from "prom-client";
import { sampleStore } from "./sample-store.js";

const sampleEveryMs = 10_000;

/**
 * A gauge of the quarantined games, which is sampled now and every 10 s until the returned function is called, never
 * at a scrape. It is NaN until the store has answered once, and keeps its value while the store is away.
 */
export function sampleQuarantined(
  store: Pick<Store, "countQuarantined">,
  register: Registry,
  runtime: Pick<Runtime, "schedule">,
): CancelTimer {
  const gauge = new Gauge({
    name: "turnkeep_quarantined_games",
    help: "Games that are quarantined, whichever process did so, until an operator decides or they are deleted",
    registers: [register],
  });
  gauge.set(Number.NaN);
  const sample = async (signal: AbortSignal) => gauge.set(await store.countQuarantined({ signal }));
  return sampleStore(runtime, sampleEveryMs, sample);
}
