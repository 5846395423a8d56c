import { systemRuntime } from "@turnkeep/core";
import { createLogger, endStatus, runProgram, warnOfMisspelt } from "@turnkeep/service-kit";
import { pino } from "pino";
import { type Flag, parseCommand } from "./command.js";
import { readConfig, readMisspelt } from "./config.js";
import { runDaemon } from "./daemon.js";
import { allWell, runOnce, summaryTable } from "./once.js";
import { composeParts } from "./parts.js";

/** Exit statuses: 0 all tasks succeeded, 1 something failed, 2 wrong call, wrong settings, or a store that must be set up otherwise. */
async function run(flags: ReadonlySet<Flag>, signal: AbortSignal): Promise<number> {
  const config = readConfig();
  const once = flags.has("once");
  // With --once, standard output belongs to the summary.
  const logger = createLogger(config.logLevel, pino.destination({ dest: once ? 2 : 1, sync: true }));
  warnOfMisspelt(logger, readMisspelt());
  const runtime = systemRuntime;
  const compose = () => composeParts(config, logger, runtime);
  const options = { config, logger, progress: process.stderr, compose, runtime };
  try {
    if (!once) {
      await runDaemon(options, signal);
      return 0;
    }
    const summaries = await runOnce(options, signal);
    const ok = allWell(summaries);
    const text = flags.has("json") ? JSON.stringify({ ok, tasks: summaries }) : summaryTable(summaries);
    process.stdout.write(`${text}\n`);
    return ok ? 0 : 1;
  } catch (error) {
    return endStatus(logger, "daemon", error);
  }
}

/** The program: its exit status. It stops once the signal fires. */
export const runFromCommandLine = (args: readonly string[], signal: AbortSignal): Promise<number> =>
  runProgram(parseCommand(args), (flags) => run(flags, signal));
