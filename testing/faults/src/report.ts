import Table from "cli-table3";
import type { RowResult } from "./run-row.js";

/** What became of one row, over all its runs. */
export interface RowReport {
  readonly name: string;
  readonly what: string;
  readonly checks: readonly string[];
  readonly verdict: "passed" | "failed" | "skipped";
  readonly runs: number;
  readonly sums: Omit<RowResult, "violations">;
  /** The broken promises, with the seed that broke them. */
  readonly violations: readonly string[];
}

const ms = (value: number) => `${Math.round(value)} ms`;

/** How many violations of a row are told; the others are counted. */
const toldViolations = 5;

export function tableOf(reports: readonly RowReport[]): string {
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
  for (const { what, checks, sums, verdict } of reports) {
    const window = sums.promisedMs === null ? "nothing" : `${ms(sums.lossWindowMs)} / ${ms(sums.promisedMs)}`;
    const figures =
      verdict === "skipped"
        ? ["", "", "", "", "", ""]
        : [sums.operations, sums.injected, sums.lost, window, ms(sums.slowestCallMs), ms(sums.drainedInMs)];
    table.push([what, checks.join(" "), ...figures, verdict]);
  }
  return table.toString();
}

export function violationLines({ name, violations }: RowReport): string[] {
  const more = violations.length - toldViolations;
  return [
    ...violations.slice(0, toldViolations).map((says) => `${name}: ${says}`),
    ...(more > 0 ? [`${name}: and ${more} more`] : []),
  ];
}

const nothingYet: RowReport["sums"] = {
  operations: 0,
  injected: 0,
  lost: 0,
  lossWindowMs: 0,
  promisedMs: null,
  slowestCallMs: 0,
  drainedInMs: 0,
};

type Described = Pick<RowReport, "name" | "what" | "checks">;

export const newReport = ({ name, what, checks }: Described): RowReport => ({
  ...{ name, what, checks },
  verdict: "passed",
  runs: 0,
  sums: nothingYet,
  violations: [],
});

/** Counts add up; times are the longest. */
export function withRun(report: RowReport, seed: number, { violations, ...run }: RowResult): RowReport {
  const { sums } = report;
  const said = violations.map(
    ({ promise, gameId, writeId, says }) =>
      `${promise} broken with seed ${seed}${gameId && `: game ${gameId}`}${writeId ? `, write ${writeId}` : ""}: ${says}`,
  );
  return {
    ...report,
    verdict: said.length > 0 || report.verdict === "failed" ? "failed" : "passed",
    runs: report.runs + 1,
    violations: [...report.violations, ...said],
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
