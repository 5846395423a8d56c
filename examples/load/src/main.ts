import { givenServers, reportTable, runAsMain } from "@turnkeep/match-kit";
import { helpText, type Options, readLoadOptions } from "./options.js";
import { loadTable } from "./report/load-table.js";
import { runLoad } from "./run/run-load.js";

async function load(options: Options, signal: AbortSignal): Promise<boolean> {
  const result = await runLoad(options, givenServers(), (text) => process.stderr.write(`${text}\n`), signal);
  const { findings } = result;
  const failed = findings.filter(({ ok }) => !ok).length;
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: failed === 0, ...result })}\n`);
  else {
    const checked = reportTable(findings, process.stdout.isTTY === true);
    const verdict = `${findings.length - failed} passed, ${failed} failed`;
    process.stdout.write(`\n${loadTable(result)}\n\n${checked}\n\n${verdict}\n`);
  }
  return failed === 0;
}

process.exitCode = await runAsMain({ name: "the load test", read: readLoadOptions, help: helpText, run: load });
