import { check } from "./checker/check.js";
import type { Violation } from "./checker/violation.js";
import { now, sleep } from "./clock.js";
import { Environment } from "./environment.js";
import { MachinePace } from "./machine-pace.js";
import type { Scenario } from "./scenarios/scenario.js";
import type { PostgresServer } from "./stores/postgres-server.js";
import { RedisServer } from "./stores/redis-server.js";
import { startTopology } from "./stores/redis-topology.js";
import type { Names, System } from "./system/system.js";
import { turnkeepNames } from "./system/turnkeep-service.js";
import { type StoreUrls, turnkeepSystem } from "./system/turnkeep-system.js";
import { Journal } from "./workload/journal.js";
import { seeded } from "./workload/seeded.js";
import { Workload } from "./workload/workload.js";

/** The result of one run of one scenario. */
export interface ScenarioResult {
  readonly operations: number;
  readonly injected: number;
  readonly lost: number;
  /** How long before a loss the oldest write that it took had been acknowledged. */
  readonly lossWindowMs: number;
  /** The longest loss that the scenario declared, and what is promised then; `null` if nothing may be lost. */
  readonly promisedMs: number | null;
  readonly slowestCallMs: number;
  readonly drainedInMs: number;
  readonly violations: readonly Violation[];
}

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly postgres: PostgresServer;
  /** Default: Turnkeep, as the scenario configures it. */
  readonly system?: (urls: StoreUrls, names: Names) => System;
}

const servers = 3;
const playBeforeMs = 700;
const playAfterMs = 600;
const drainsWithinMs = 6_000;
/** At least so much play, however slow the machine is. */
const leastCalls = 100;

/** Plays, injects the fault, plays on, waits until nothing is left to flush, and checks what was promised. */
export async function runScenario({ scenario, seed, postgres, system: systemOf }: RunOptions): Promise<ScenarioResult> {
  const journal = new Journal();
  const names = turnkeepNames(scenario.name);
  const redis = await RedisServer.start(scenario.redis);
  const topology = scenario.topology && (await startTopology(scenario.topology));
  const urls = { redisUrl: () => environment.redis.url, databaseUrl: postgres.url, topology };
  const system = systemOf ? systemOf(urls, names) : turnkeepSystem(urls, names, scenario.service);
  const environment: Environment = new Environment(journal, names, system, postgres, redis, topology);
  const workload = new Workload(environment.calls, servers, seed, scenario.workload);
  const pace = new MachinePace(journal, () => postgres.url);
  try {
    await system.prepare();
    if (scenario.spares !== undefined) {
      await environment.openProcesses(scenario.spares, await scenario.env?.(seeded(seed, "env")));
    }
    while (environment.sites.length < servers) await environment.openSite();
    await workload.create();
    workload.start();
    await play(journal, playBeforeMs);
    await scenario.inject(environment, seeded(seed, "fault"));
    await play(journal, playAfterMs);
    await workload.finish(4_000 * journal.slowness);
    const drained = await drain(environment, scenario.drainsWithinMs ?? drainsWithinMs);
    const losses = [...journal.losses, ...journal.storeLosses];
    const { violations, lost } = check(journal, await system.inspect([...workload.gameIds, ...environment.gameIds]));
    const took = journal.entries.filter(({ op }) => op !== "recover").map(({ from, to }) => to - from);
    return {
      operations: journal.entries.length,
      injected: journal.injected,
      lost: lost.length,
      lossWindowMs: Math.max(0, ...lost.map(({ heldMs }) => heldMs)),
      promisedMs: losses.length === 0 ? null : Math.max(...losses.map(({ promisedMs }) => promisedMs)),
      slowestCallMs: took.reduce((most, one) => Math.max(most, one), 0),
      drainedInMs: drained.tookMs,
      violations: [...drained.violations, ...violations],
    };
  } finally {
    // After a scenario that failed, its clients would go on for ever.
    await workload.finish(0);
    await pace.stop();
    await environment.close();
    await system.close();
  }
}

async function play({ entries }: Journal, ms: number): Promise<void> {
  const calls = entries.length;
  await sleep(ms);
  while (entries.length - calls < leastCalls) await sleep(20);
}

/** Waits until the servers' own flushers have left nothing for Postgres; then a daemon's round or two. */
async function drain(environment: Environment, withinMs: number): Promise<{ tookMs: number; violations: Violation[] }> {
  const began = now();
  const took = () => now() - began;
  let left = await environment.system.backlog();
  while (left > 0 && took() < withinMs * environment.journal.slowness) {
    await sleep(50);
    left = await environment.system.backlog();
  }
  const tookMs = took();
  const violations: Violation[] = [];
  if (left > 0) {
    const found = `${left} games still wait for Postgres ${Math.round(tookMs)} ms after both stores work again`;
    violations.push({ promise: "I5", gameId: "", found });
  }
  for (let round = 0; round < 2; round++) {
    await sweepWithRetries(environment).catch((error: Error) => {
      violations.push({ promise: "liveness", gameId: "", found: `a sweep failed with ${error.message}` });
    });
  }
  return { tookMs, violations };
}

/** As a daemon does it: what an overloaded machine does not do in time is tried again. */
async function sweepWithRetries({ sites, journal }: Environment): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await sites[0]?.service.sweep();
    } catch (error) {
      if (tries >= journal.slowness) throw error;
    }
  }
}
