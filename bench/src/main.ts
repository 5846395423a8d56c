import { helpText, parseOptions } from "./command.js";
import { watchNetwork } from "./measure/network.js";
import { tableOf } from "./results/table.js";
import { allRows } from "./rows/all-rows.js";
import type { Effort } from "./rows/row.js";
import { runRows } from "./run-rows.js";
import { startServers } from "./servers.js";

const log = (line: string) => void process.stderr.write(`${line}\n`);
const print = (line: string) => void process.stdout.write(`${line}\n`);

const standard: Effort = {
  runMs: 250,
  rounds: 7,
  sizes: [4, 20, 80],
  atOnce: [1, 16, 64],
  games: 10_000,
  logEntries: [10, 10_000],
};
const quick: Effort = { runMs: 60, rounds: 5, sizes: [4], atOnce: [1, 64], games: 300, logEntries: [10, 10_000] };

async function main(): Promise<void> {
  const options = parseOptions(
    process.argv.slice(2),
    allRows.map(({ name }) => name),
  );
  if (options.help) return print(await helpText(allRows.map(({ name, title }) => [name, title])));
  const rows = allRows.filter(({ name }) => options.only?.includes(name) ?? true);
  watchNetwork();
  const servers = await startServers();
  try {
    const begun = performance.now();
    const results = await runRows(rows, options.quick ? quick : standard, servers, ({ name }, label) =>
      log(`${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s  ${name}: ${label}`),
    );
    if (options.json) print(JSON.stringify(results, null, 2));
    else for (const result of results) print(tableOf(result));
  } finally {
    await servers.stop();
  }
}

try {
  await main();
} catch (error) {
  log(error instanceof RangeError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
