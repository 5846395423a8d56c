import { now } from "./clock.js";
import type { FaultOptions } from "./command.js";
import { naiveSystem } from "./naive/naive-system.js";
import { newReport, type ScenarioReport, withRun } from "./report.js";
import { runScenario } from "./run-scenario.js";
import { allScenarios } from "./scenarios/all-scenarios.js";
import type { Scenario } from "./scenarios/scenario.js";
import { PostgresServer } from "./stores/postgres-server.js";
import { seeded } from "./workload/seeded.js";

type RunAllOptions = Omit<FaultOptions, "help" | "json"> & { readonly log: (line: string) => void };

/** Runs the scenarios in their order, once or seed after seed. A scenario that cannot be run counts as failed. */
export async function runAll(options: RunAllOptions): Promise<ScenarioReport[]> {
  const { scenario: only, seed, minutes, naive, log } = options;
  // The naive design knows one Redis, and runs in this process.
  const fits = ({ topology, spares }: Scenario) => !naive || (topology === undefined && spares === undefined);
  const scenarios = allScenarios.filter((one) => fits(one) && (only === null || one.name === only));
  const reports = new Map<Scenario, ScenarioReport>(scenarios.map((one) => [one, newReport(one)]));
  const end = now() + minutes * 60_000;
  const postgres = await PostgresServer.start();
  try {
    for (let round = 0; round === 0 || now() < end; round++) {
      for (const [scenario, report] of reports) {
        if (report.status === "skipped") continue;
        if (round > 0 && now() >= end) break;
        log(`${scenario.name}, seed ${seed + round}`);
        const next = await runOnce(scenario, report, seed + round, postgres, options);
        reports.set(scenario, next);
        if (next.status === "failed") log(`${scenario.name}: failed`);
      }
    }
  } finally {
    await postgres.stop();
  }
  return [...reports.values()];
}

async function runOnce(
  scenario: Scenario,
  report: ScenarioReport,
  seed: number,
  shared: PostgresServer,
  { allowSkip, naive }: RunAllOptions,
): Promise<ScenarioReport> {
  const obstacle = (await scenario.cannotRun?.()) ?? null;
  if (obstacle !== null) {
    return { ...report, status: allowSkip ? "skipped" : "failed", violations: [`cannot run here: ${obstacle}`] };
  }
  const own = await scenario.ownPostgres?.(seeded(seed, "postgres"));
  const postgres = own ? await PostgresServer.start(own.options) : shared;
  try {
    const result = await runScenario({ scenario, seed, postgres, ...(naive ? { system: naiveSystem } : {}) });
    return withRun(report, seed, result);
  } catch (error) {
    const failure = `could not be run with seed ${seed}: ${error instanceof Error ? error.message : error}`;
    return { ...report, status: "failed", violations: [...report.violations, failure] };
  } finally {
    if (own) await postgres.stop();
    await own?.remove();
  }
}
