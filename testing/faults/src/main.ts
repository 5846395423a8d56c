import { helpText, parseWish, type Wish } from "./command.js";
import type { FaultRow } from "./fault-row.js";
import { naiveSystem } from "./naive/naive-system.js";
import { PostgresServer } from "./postgres-server.js";
import { newReport, type RowReport, tableOf, violationLines, withRun } from "./report.js";
import { faultRows } from "./rows/index.js";
import { runRow } from "./run-row.js";
import { seeded } from "./seeded.js";

const tell = (line: string) => process.stderr.write(`${line}\n`);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function runOnce(row: FaultRow, report: RowReport, seed: number, shared: PostgresServer, naive: boolean) {
  const disk = await row.ownPostgres?.(seeded(seed, "postgres"));
  const postgres = disk ? await PostgresServer.start(disk.options) : shared;
  try {
    const result = await runRow({ row, seed, postgres, ...(naive ? { system: naiveSystem } : {}) });
    return withRun(report, seed, result);
  } catch (error) {
    const says = `could not be carried out with seed ${seed}: ${error instanceof Error ? error.message : error}`;
    return { ...report, verdict: "failed" as const, violations: [...report.violations, says] };
  } finally {
    if (disk) await postgres.stop();
    await disk?.remove();
  }
}

async function runAll({ fault, seed, minutes, allowSkip, naive }: Wish): Promise<RowReport[]> {
  // The naive design knows one Redis.
  const fits = (row: FaultRow) => !naive || row.topology === undefined;
  const rows = faultRows.filter((row) => fits(row) && (fault === null || row.name === fault));
  const reports = new Map<FaultRow, RowReport>(rows.map((row) => [row, newReport(row)]));
  const until = performance.now() + minutes * 60_000;
  const postgres = await PostgresServer.start();
  try {
    for (let round = 0; round === 0 || performance.now() < until; round++) {
      for (const row of rows) {
        const report = reports.get(row);
        if (!report || report.verdict === "skipped") continue;
        if (round > 0 && performance.now() >= until) break;
        const obstacle = (await row.cannotRun?.()) ?? null;
        tell(`${row.name}, seed ${seed + round}${obstacle === null ? "" : `: cannot run here: ${obstacle}`}`);
        const next: RowReport =
          obstacle === null
            ? await runOnce(row, report, seed + round, postgres, naive)
            : { ...report, verdict: allowSkip ? "skipped" : "failed", violations: [`cannot run here: ${obstacle}`] };
        reports.set(row, next);
        if (next.verdict === "failed") tell(`${row.name}: failed`);
      }
    }
  } finally {
    await postgres.stop();
  }
  return [...reports.values()];
}

async function main(): Promise<number> {
  const wish = parseWish(
    process.argv.slice(2),
    faultRows.map(({ name }) => name),
  );
  if (wish.help) {
    say(await helpText());
    return 0;
  }
  const reports = await runAll(wish);
  const count = (verdict: RowReport["verdict"]) => reports.filter((report) => report.verdict === verdict).length;
  if (wish.json) say(JSON.stringify(reports, null, 2));
  else for (const line of [tableOf(reports), ...reports.flatMap(violationLines)]) say(line);
  const skipped = count("skipped") > 0 ? `${count("skipped")} skipped, ` : "";
  say(`${skipped}${count("passed")} passed, ${count("failed")} failed`);
  return count("failed") === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  tell(error instanceof RangeError ? error.message : String(error));
  process.exitCode = 1;
}
