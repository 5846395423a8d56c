import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describeMix } from "./capacity/capacity-report.js";
import { parseMix } from "./capacity/mixes.js";
import { type BenchOptions, helpText, parseOptions } from "./command.js";
import { watchNetwork } from "./measure/network.js";
import { type BenchResult, machineOf, readResult, resultOf, saveResult } from "./results/bench-result.js";
import { casesInCommon, falls } from "./results/compare.js";
import { reportOf } from "./results/report.js";
import { tableOf } from "./results/table.js";
import { allRows, growthRows, standardRows } from "./rows/all-rows.js";
import type { Effort } from "./rows/row.js";
import { runRows } from "./run-rows.js";
import { startServers } from "./servers.js";

const log = (line: string) => void process.stderr.write(`${line}\n`);
const print = (line: string) => void process.stdout.write(`${line}\n`);

const standard: Effort = {
  runMs: 1_000,
  rounds: 5,
  sizes: [4, 20, 80],
  atOnce: [1, 16, 64],
  games: 2_000,
  logEntries: [10, 10_000],
  growth: { games: [1_000, 10_000, 100_000], recovered: [20_000, 200_000], rounds: 3, runMs: 5_000 },
};

const quick: Effort = {
  runMs: 60,
  rounds: 5,
  sizes: [4],
  atOnce: [1, 64],
  games: 300,
  logEntries: [10, 10_000],
  growth: { games: [100, 500], recovered: [200, 800], rounds: 3, runMs: 500 },
};

/** Writes docs/performance.md and its plots. */
function report(file: string): void {
  for (const { path, text } of reportOf(readResult(file), file)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    log(`written: ${path}`);
  }
}

async function measure(options: BenchOptions): Promise<BenchResult> {
  const effort = options.quick ? quick : standard;
  const unnamed = options.quick ? allRows : options.growth ? growthRows : standardRows;
  const rows = options.only === null ? unnamed : allRows.filter(({ name }) => options.only?.includes(name));
  const date = new Date().toISOString();
  watchNetwork();
  const servers = await startServers();
  try {
    const begun = performance.now();
    const results = await runRows(rows, effort, servers, ({ name }, label) =>
      log(`${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s  ${name}: ${label}`),
    );
    return resultOf(results, machineOf(servers.versions), effort, { date, quick: options.quick });
  } finally {
    await servers.stop();
  }
}

/** @returns false if a ratio has fallen by more than a quarter */
function compare(before: BenchResult, file: string, now: BenchResult): boolean {
  const fallen = falls(before, now);
  for (const line of fallen) print(line);
  print(
    `${casesInCommon(before, now)} cases compared with ${file}, ${fallen.length} ratios fell by more than a quarter`,
  );
  return fallen.length === 0;
}

async function main(): Promise<boolean> {
  const options = parseOptions(
    process.argv.slice(2),
    allRows.map(({ name }) => name),
  );
  if (options.help) {
    print(await helpText(allRows.map(({ name, title }) => [name, title])));
    return true;
  }
  if (options.report !== null) {
    report(options.report);
    return true;
  }
  if (options.capacity !== null) {
    print(describeMix(parseMix(options.mix), readResult(options.capacity)));
    return true;
  }
  const before = options.compare === null ? null : readResult(options.compare);
  const result = await measure(options);
  if (options.save !== null) saveResult(options.save, result);
  if (options.json) print(JSON.stringify(result, null, 2));
  else for (const row of result.rows) print(tableOf(row));
  return before === null || compare(before, String(options.compare), result);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  log(error instanceof RangeError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
