import { setTimeout as delay } from "node:timers/promises";
import { Bed } from "./bed.js";
import type { FaultRow } from "./fault-row.js";
import type { System } from "./game-service.js";
import { Journal } from "./journal.js";
import { judge } from "./judge/judge.js";
import type { Violation } from "./judge/violation.js";
import { MachinePace } from "./machine-pace.js";
import type { PostgresServer } from "./postgres-server.js";
import { RedisServer } from "./redis-server.js";
import { type RedisTopology, startTopology } from "./redis-topology.js";
import { seeded } from "./seeded.js";
import { type Names, turnkeepNames } from "./turnkeep-service.js";
import { turnkeepSystem } from "./turnkeep-system.js";
import { Workload } from "./workload.js";

/** What one run of one row came to. */
export interface RowResult {
  readonly operations: number;
  readonly injected: number;
  readonly lost: number;
  /** How long before a loss of Redis the oldest write that it took had been acknowledged. */
  readonly lossWindowMs: number;
  /** The longest loss that a row declared, and what is promised then; `null` where nothing may be lost. */
  readonly promisedMs: number | null;
  readonly slowestCallMs: number;
  readonly drainedInMs: number;
  readonly violations: readonly Violation[];
}

/** Where a system's stores are now. */
export interface StoreUrls {
  readonly redisUrl: () => string;
  readonly databaseUrl: string;
  /** Set where Redis is more than one. */
  readonly topology?: RedisTopology | undefined;
}

export type SystemOf = (urls: StoreUrls, names: Names) => System;

export interface RunOptions {
  readonly row: FaultRow;
  readonly seed: number;
  readonly postgres: PostgresServer;
  /** Default: Turnkeep. */
  readonly system?: SystemOf;
}

const servers = 3;
const playBeforeMs = 700;
const playAfterMs = 600;
const drainsWithinMs = 6_000;
/** Some play, however slow the machine is. */
const leastCalls = 100;

async function playOn({ entries }: Journal, ms: number): Promise<void> {
  const calls = entries.length;
  await delay(ms);
  while (entries.length - calls < leastCalls) await delay(20);
}

/** Plays, injects the fault, plays on, waits until all is quiet, and judges. */
export async function runRow({ row, seed, postgres, system: systemOf }: RunOptions): Promise<RowResult> {
  const journal = new Journal();
  const names = turnkeepNames(row.name);
  const redis = await RedisServer.start(row.redis);
  const topology = row.topology && (await startTopology(row.topology));
  const urls = { redisUrl: () => bed.redis.url, databaseUrl: postgres.url, topology };
  const system = systemOf ? systemOf(urls, names) : turnkeepSystem(urls, names, row.service);
  const bed: Bed = new Bed(journal, names, system, postgres, redis, topology);
  const pace = new MachinePace(journal, () => postgres.url);
  try {
    await system.prepare();
    if (row.spares !== undefined) await bed.openProcesses(row.spares, await row.env?.(seeded(seed, "env")));
    while (bed.places.length < servers) await bed.openPlace();
    const workload = new Workload(journal, bed.places.slice(), seed, row.workload);
    await workload.create();
    workload.start();
    await playOn(journal, playBeforeMs);
    await row.inject(bed, seeded(seed, "fault"));
    await playOn(journal, playAfterMs);
    await workload.finish(4_000 * journal.slowness);
    const drain = await settle(bed, row.drainsWithinMs ?? drainsWithinMs);
    const { violations, lost } = judge(journal, await system.inspect([...workload.gameIds, ...bed.ownGames]));
    const took = journal.entries.filter(({ op }) => op !== "recover").map(({ from, to }) => to - from);
    return {
      operations: journal.entries.length,
      injected: journal.injected,
      lost: lost.length,
      lossWindowMs: Math.max(0, ...lost.map(({ heldMs }) => heldMs)),
      promisedMs: journal.losses.length === 0 ? null : Math.max(...journal.losses.map(({ promisedMs }) => promisedMs)),
      slowestCallMs: took.reduce((most, one) => Math.max(most, one), 0),
      drainedInMs: drain.tookMs,
      violations: [...drain.violations, ...violations],
    };
  } finally {
    await pace.stop();
    await bed.close();
    await system.close();
  }
}

/** As a daemon does it: what an overloaded machine does not do in time is tried again. */
async function sweepSurely({ places, journal }: Bed): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await places[0]?.service.sweep();
    } catch (error) {
      if (tries >= journal.slowness) throw error;
    }
  }
}

/** Waits until nothing waits for Postgres any more, by the servers' own flushers alone; then a daemon's round or two. */
async function settle(bed: Bed, withinMs: number): Promise<{ tookMs: number; violations: Violation[] }> {
  const began = performance.now();
  const took = () => performance.now() - began;
  let left = await bed.system.backlog();
  while (left > 0 && took() < withinMs * bed.journal.slowness) {
    await delay(50);
    left = await bed.system.backlog();
  }
  const tookMs = took();
  const violations: Violation[] = [];
  const late = left > 0;
  if (late) {
    const says = `${left} games still wait for Postgres ${Math.round(tookMs)} ms after both stores are well`;
    violations.push({ promise: "I5", gameId: "", says });
  }
  for (let round = 0; round < 2; round++) {
    await sweepSurely(bed).catch((error: Error) => {
      violations.push({ promise: "liveness", gameId: "", says: `a sweep failed with ${error.message}` });
    });
  }
  return { tookMs, violations };
}
