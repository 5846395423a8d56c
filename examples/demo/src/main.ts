import { givenServers, type Played, reportTable, runAsMain } from "@turnkeep/match-kit";
import { helpText, type Options, readDemoOptions } from "./options.js";
import { runDemo } from "./run/demo.js";
import { Progress } from "./run/progress.js";

const counted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");

const whatWasPlayed = ({ endings, actions }: Played) =>
  `played to the end: ${counted(endings)}\nactions: ${counted(actions)}`;

async function demonstrate(options: Options, signal: AbortSignal): Promise<boolean> {
  const progress = new Progress(process.stderr);
  try {
    const result = await runDemo(options, givenServers(), progress, signal);
    const ok = result.findings.every((finding) => finding.ok);
    progress.end();
    if (options.json) process.stdout.write(`${JSON.stringify({ ok, ...result })}\n`);
    else {
      const verdict = ok ? "all of it holds" : "NOT all of it holds";
      const table = reportTable(result.findings, process.stdout.isTTY === true);
      const { seed, seconds, matches, retries, recognised, played } = result;
      const facts = `${matches} matches, ${retries} retries, ${recognised} of them recognised as done before`;
      process.stdout.write(`\n${table}\n\n${whatWasPlayed(played)}\n`);
      process.stdout.write(`\n${verdict} (${facts}; seed ${seed}, ${seconds} s)\n`);
    }
    return ok;
  } finally {
    progress.end();
  }
}

process.exitCode = await runAsMain({ name: "the demo", read: readDemoOptions, help: helpText, run: demonstrate });
