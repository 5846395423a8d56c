import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { dirname } from "node:path";
import type { Effort } from "../rows/row.js";
import type { RowResult } from "../run-rows.js";
import { postgresSettings, type ServerVersions } from "../servers.js";

/** The file that the tables and plots of docs/performance.md come from. */
export const standardFile = "bench/results/standard.json";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly redis: string;
  readonly postgres: string;
  readonly compression: string;
  readonly postgresSettings: Readonly<Record<string, string>>;
}

/** How one run was made. */
export interface RunFacts {
  readonly date: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly runMs: number;
}

export interface SavedRow extends RowResult {
  readonly run: RunFacts;
}

/** What is known of one machine, maybe from several runs. */
export interface BenchResult {
  readonly machine: Machine;
  readonly rows: readonly SavedRow[];
}

export const machineOf = ({ redis, postgres, compression }: ServerVersions): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()} ${arch()}`,
  node: process.version,
  redis,
  postgres,
  compression,
  postgresSettings: { fsync: "on", ...postgresSettings },
});

export function resultOf(
  rows: readonly RowResult[],
  machine: Machine,
  { rounds, runMs }: Effort,
  { date, quick }: Pick<RunFacts, "date" | "quick">,
): BenchResult {
  return { machine, rows: rows.map((row) => ({ ...row, run: { date, quick, rounds, runMs } })) };
}

/** @throws RangeError if there is no such file */
export function readResult(file: string): BenchResult {
  if (!existsSync(file)) throw new RangeError(`there is no file ${file}`);
  return JSON.parse(readFileSync(file, "utf8")) as BenchResult;
}

/**
 * Keeps a run in a file. Rows of other runs on the same machine stay there, so that rows may be measured one by one.
 * @throws RangeError if the file is of another machine, or of other versions
 */
export function saveResult(file: string, fresh: BenchResult): void {
  const rows = existsSync(file) ? mergedRows(file, readResult(file), fresh) : fresh.rows;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine: fresh.machine, rows }, rounded, 2)}\n`);
}

function mergedRows(file: string, kept: BenchResult, fresh: BenchResult): readonly SavedRow[] {
  if (JSON.stringify(kept.machine) !== JSON.stringify(fresh.machine)) {
    throw new RangeError(`${file} is of another machine or of other versions: save to another file, or remove it`);
  }
  const measured = new Map(fresh.rows.map((row) => [row.name, row]));
  // Each row keeps its place.
  const again = kept.rows.map((row) => measured.get(row.name) ?? row);
  return [...again, ...fresh.rows.filter(({ name }) => !kept.rows.some((row) => row.name === name))];
}

/** Four digits say more than the noise lets anybody know. */
const rounded = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
