import type { Runtime } from "@turnkeep/core";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { answers, type PingedStores } from "../stores/ping-stores.js";

interface Flushed {
  readonly written: number;
  readonly contained: number;
  readonly failed: number;
  readonly tookMs: number;
}

interface Backlog {
  readonly games: number;
  readonly oldestOverdueMs: number;
  readonly orphans: number;
}

/** Events that are counted under a name, without their data. */
const counted = {
  "state:miss": "miss",
  "state:created": "created",
  "state:conflict": "conflict",
  "state:ended": "ended",
  "state:archived": "archived",
  "state:deleted": "deleted",
  "state:expired": "expired",
  "state:quarantined": "quarantined",
  "state:unreadable": "unreadable",
  "rules:unsupported": "rules_unsupported",
  "flush:failed": "flush_failed",
  "flush:late": "flush_late",
  "flush:orphan": "orphan",
  "flush:fork": "fork",
  "flush:gap": "log_gap",
  "cache:unavailable": "cache_unavailable",
  "store:unavailable": "store_unavailable",
} as const;

/** The part of a manager's events that becomes metrics. */
export interface CountedEvents {
  on(
    event: keyof typeof counted | "cache:away" | "cache:back" | "store:away" | "store:back",
    listener: () => void,
  ): unknown;
  on(event: "state:hit", listener: (fact: { readonly from: string }) => void): unknown;
  on(event: "state:updated", listener: (fact: { readonly durability: string }) => void): unknown;
  on(event: "deadline:enforced", listener: (fact: { readonly lateMs: number }) => void): unknown;
  on(event: "flush:done", listener: (fact: Flushed) => void): unknown;
  on(event: "flush:backlog", listener: (fact: Backlog) => void): unknown;
}

/**
 * Turns a manager's events into metrics, in any program. Labels name kinds of events, never games or
 * players.
 */
export function countManagerEvents(
  events: CountedEvents,
  register: Registry,
  stores: PingedStores,
  runtime: Pick<Runtime, "schedule">,
): void {
  const registers = [register];
  const happened = new Counter({
    name: "turnkeep_manager_events_total",
    help: "What the manager reported, by kind",
    labelNames: ["event"],
    registers,
  });
  for (const event of Object.keys(counted) as (keyof typeof counted)[]) {
    happened.inc({ event: counted[event] }, 0);
    events.on(event, () => happened.inc({ event: counted[event] }));
  }
  events.on("state:hit", ({ from }) => happened.inc({ event: `hit_${from}` }));
  const updates = new Counter({
    name: "turnkeep_manager_updates_total",
    help: "Writes that left their game live, by the durability that they reached",
    labelNames: ["durability"],
    registers,
  });
  events.on("state:updated", ({ durability }) => updates.inc({ durability }));
  const lateness = new Histogram({
    name: "turnkeep_deadline_lateness_seconds",
    help: "How long a deadline had been over, by the service clock, when this process enforced it",
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  events.on("deadline:enforced", ({ lateMs }) => lateness.observe(lateMs / 1_000));
  countFlushes(events, registers);
  for (const [side, ping] of [
    ["cache", stores.pingCache],
    ["store", stores.pingStore],
  ] as const) {
    let isAway = false;
    events.on(`${side}:away`, () => {
      isAway = true;
    });
    events.on(`${side}:back`, () => {
      isAway = false;
    });
    new Gauge({
      name: `turnkeep_${side}_up`,
      help: `0 while the ${side} counts as away and gets no calls, or would refuse a write`,
      registers,
      async collect() {
        this.set(!isAway && (await answers(ping, runtime)) ? 1 : 0);
      },
    });
  }
}

function countFlushes(events: CountedEvents, registers: Registry[]): void {
  const flushes = new Histogram({
    name: "turnkeep_flush_duration_seconds",
    help: "How long one batch took to reach the store",
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const games = new Counter({
    name: "turnkeep_flushed_games_total",
    help: "Games in flushed batches, by outcome",
    labelNames: ["outcome"],
    registers,
  });
  events.on("flush:done", ({ written, contained, failed, tookMs }) => {
    flushes.observe(tookMs / 1_000);
    for (const [outcome, count] of Object.entries({ written, contained, failed })) games.inc({ outcome }, count);
  });
  const waiting = new Gauge({
    name: "turnkeep_unflushed_games",
    help: "Games that wait for the store, in all processes together",
    registers,
  });
  const overdue = new Gauge({
    name: "turnkeep_oldest_unflushed_overdue_seconds",
    help: "How long ago the flush of the longest waiting game was due",
    registers,
  });
  const orphans = new Gauge({
    name: "turnkeep_orphaned_games",
    help: "Cached games without a row in the store, as far as this process has met them",
    registers,
  });
  events.on("flush:backlog", (backlog) => {
    waiting.set(backlog.games);
    orphans.set(backlog.orphans);
    overdue.set(backlog.oldestOverdueMs / 1_000);
  });
}
