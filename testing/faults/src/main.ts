import { helpText, parseOptions } from "./command.js";
import { tableOf, violationLines } from "./report.js";
import { runAll } from "./run-all.js";
import { allScenarios } from "./scenarios/all-scenarios.js";

const log = (line: string) => void process.stderr.write(`${line}\n`);
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const names = allScenarios.map(({ name }) => name);
  const options = parseOptions(process.argv.slice(2), names);
  if (options.help) {
    print(await helpText(names));
    return 0;
  }
  const reports = await runAll({ ...options, log });
  const count = (status: string) => reports.filter((report) => report.status === status).length;
  if (options.json) print(JSON.stringify(reports, null, 2));
  else for (const line of [tableOf(reports), ...reports.flatMap(violationLines)]) print(line);
  const skipped = count("skipped") > 0 ? `${count("skipped")} skipped, ` : "";
  print(`${skipped}${count("passed")} passed, ${count("failed")} failed`);
  return count("failed") === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  log(error instanceof RangeError ? error.message : String(error));
  process.exitCode = 1;
}
