import Table from "cli-table3";
import type { ScenarioResult } from "./run-scenario.js";

/** The results of one scenario, over all its runs. */
export interface ScenarioReport {
  readonly name: string;
  readonly title: string;
  readonly checks: readonly string[];
  readonly status: "passed" | "failed" | "skipped";
  readonly runs: number;
  readonly sums: Omit<ScenarioResult, "violations">;
  /** The broken promises, with the seed that broke them. */
  readonly violations: readonly string[];
}

const ms = (value: number) => `${Math.round(value)} ms`;

/** How many violations of a scenario are printed; the others are counted. */
const printedViolations = 5;

export function tableOf(reports: readonly ScenarioReport[]): string {
  const table = new Table({
    head: [
      "fault",
      "checks",
      "operations",
      "injected",
      "lost",
      "loss window / promised",
      "slowest call",
      "drained in",
      "",
    ],
    style: { head: [], border: [] },
  });
  for (const { title, checks, sums, status } of reports) {
    const window = sums.promisedMs === null ? "nothing" : `${ms(sums.lossWindowMs)} / ${ms(sums.promisedMs)}`;
    const figures =
      status === "skipped"
        ? ["", "", "", "", "", ""]
        : [sums.operations, sums.injected, sums.lost, window, ms(sums.slowestCallMs), ms(sums.drainedInMs)];
    table.push([title, checks.join(" "), ...figures, status]);
  }
  return table.toString();
}

export function violationLines({ name, violations }: ScenarioReport): string[] {
  const more = violations.length - printedViolations;
  return [
    ...violations.slice(0, printedViolations).map((violation) => `${name}: ${violation}`),
    ...(more > 0 ? [`${name}: and ${more} more`] : []),
  ];
}

const noResults: ScenarioReport["sums"] = {
  operations: 0,
  injected: 0,
  lost: 0,
  lossWindowMs: 0,
  promisedMs: null,
  slowestCallMs: 0,
  drainedInMs: 0,
};

export const newReport = ({ name, title, checks }: Pick<ScenarioReport, "name" | "title" | "checks">) => ({
  ...{ name, title, checks },
  status: "passed" as const,
  runs: 0,
  sums: noResults,
  violations: [],
});

/** Counts add up; of times the longest counts. */
export function withRun(report: ScenarioReport, seed: number, { violations, ...run }: ScenarioResult): ScenarioReport {
  const { sums } = report;
  const broken = violations.map(
    ({ promise, gameId, writeId, found }) =>
      `${promise} broken with seed ${seed}${gameId && `: game ${gameId}`}${writeId ? `, write ${writeId}` : ""}: ${found}`,
  );
  return {
    ...report,
    status: broken.length > 0 || report.status === "failed" ? "failed" : "passed",
    runs: report.runs + 1,
    violations: [...report.violations, ...broken],
    sums: {
      operations: sums.operations + run.operations,
      injected: sums.injected + run.injected,
      lost: sums.lost + run.lost,
      lossWindowMs: Math.max(sums.lossWindowMs, run.lossWindowMs),
      promisedMs: run.promisedMs === null ? sums.promisedMs : Math.max(sums.promisedMs ?? 0, run.promisedMs),
      slowestCallMs: Math.max(sums.slowestCallMs, run.slowestCallMs),
      drainedInMs: Math.max(sums.drainedInMs, run.drainedInMs),
    },
  };
}
