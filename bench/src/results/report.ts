import { capacityReport } from "../capacity/capacity-report.js";
import type { BenchResult, SavedRow } from "./bench-result.js";
import { barChart, lineChart } from "./charts.js";
import { reached } from "./goals.js";
import { markdownTable } from "./markdown-table.js";
import { columnsOf, linesOf } from "./table.js";

/** A file of the report: its path from the top of the repository, and its text. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** docs/performance.md with its plots, and docs/capacity.md: all figures come from the result, none is typed. */
export function reportOf(result: BenchResult, source: string): readonly ReportFile[] {
  const { machine, rows } = result;
  const plots = rows.map((row) => ({
    path: `docs/performance/${row.name}.svg`,
    text: row.cases.some(({ growth }) => growth !== undefined) ? lineChart(row) : barChart(row),
  }));
  const settings = Object.entries(machine.postgresSettings).map(([name, value]) => `${name} ${value}`);
  const text = [
    "# Performance",
    `This page is written by \`npm run bench -- --report ${source}\` from [that file](../${source}); a test compares the two. How it is measured, and what the columns mean: [bench](../bench/README.md). What many games need: [capacity](capacity.md). Only ratios that were taken in one run mean anything: the rows *limit again* show how far the same code is from itself.`,
    `Measured on ${machine.cores} cores (${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}), Node ${machine.node}, Redis ${machine.redis} without an append-only file, Postgres ${machine.postgres} with ${machine.compression} (${settings.join(", ")}); everything on one machine, over loopback.`,
    "## The goals",
    "Operations a second as a share of the limit's, with turns checked by the schema.",
    goalTable(rows),
    ...rows.map(section),
  ].join("\n\n");
  return [
    { path: "docs/performance.md", text: `${text}\n` },
    { path: "docs/capacity.md", text: capacityReport(result, source) },
    ...plots,
  ];
}

function goalTable(rows: readonly SavedRow[]): string {
  const lines = reached(rows).map(({ row, case: label, toLimit, measured, noise }) => [
    row,
    label,
    measured.toFixed(2),
    `${toLimit}`,
    noise.toFixed(2),
  ]);
  return markdownTable(["row", "case", "measured", "goal", "limit again"], lines);
}

function section(row: SavedRow): string {
  const { name, title, against, run } = row;
  const made = `${run.date.slice(0, 10)}, medians of ${run.rounds} rounds${run.quick ? ", a quick run" : ""}`;
  return [
    `## ${title}`,
    `\`${name}\`: ${against}. ${made}.`,
    `![${title}](performance/${name}.svg)`,
    markdownTable(columnsOf(row), linesOf(row)),
  ].join("\n\n");
}
