import { reportTable } from "./check/report.js";
import { givenServers } from "./config.js";
import { helpText, type Options, readOptions } from "./options.js";
import { runDemo } from "./run/demo.js";
import { Progress } from "./run/progress.js";

/** Fires at the first SIGINT, SIGTERM or SIGHUP; a second one ends the demo at once, and its programs with it. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  return controller.signal;
}

async function demonstrate(options: Options): Promise<number> {
  const timeout = AbortSignal.timeout(options.timeout * 1_000);
  const progress = new Progress(process.stderr);
  // Children alone do not keep a process alive.
  const alive = setInterval(() => {}, 60_000);
  try {
    const signal = AbortSignal.any([stopSignal(), timeout]);
    const result = await runDemo(options, givenServers(), progress, signal);
    progress.end();
    const ok = result.findings.every((finding) => finding.ok);
    if (options.json) process.stdout.write(`${JSON.stringify({ ok, ...result })}\n`);
    else {
      const verdict = ok ? "all of it holds" : "NOT all of it holds";
      const table = reportTable(result.findings, process.stdout.isTTY === true);
      const { seed, seconds, matches, retries, recognised } = result;
      const facts = `${matches} matches, ${retries} retries, ${recognised} of them recognised as done before`;
      process.stdout.write(`\n${table}\n\n${verdict} (${facts}; seed ${seed}, ${seconds} s)\n`);
    }
    return ok ? 0 : 1;
  } catch (error) {
    progress.end();
    const why = timeout.aborted
      ? `not done after ${options.timeout} s`
      : error instanceof Error
        ? error.message
        : error;
    process.stderr.write(`the demo could not be finished: ${why}\n`);
    return 1;
  } finally {
    clearInterval(alive);
  }
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\nsee --help\n`);
    return 2;
  }
  if (!options.help) return demonstrate(options);
  process.stdout.write(helpText());
  return 0;
}

process.exitCode = await main();
