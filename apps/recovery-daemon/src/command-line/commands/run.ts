import { createLogger, endStatus, misspeltSettings, warnOfMisspelt } from "@turnkeep/service-kit";
import { Command } from "commander";
import { pino } from "pino";
import { composeDaemon } from "../../compose-daemon.js";
import { readConfig, settings } from "../../config.js";
import { recoveryProgress } from "../../report/progress.js";
import { allWell, summaryTable } from "../../summary.js";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";

const examples = `
Examples:
  turnkeep run                                    watch over the stores until it is stopped
  turnkeep run --once                             do every task once, such as after a loss of Redis
  turnkeep run --once --json | jq .tasks
  turnkeep run --settings-file production.env --log-level warn

Settings that are seldom changed: turnkeep config`;

/** `run`: the daemon; with `--once`, one round of all that it does. */
export function runCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("run")
    .description("watch over the stores: recover, flush, finish endings, enforce deadlines, expire, purge")
    .option("--once", "do every task once, print a summary, and end with 0 if all succeeded, else with 1")
    .option("--json", "with --once: print the summary as JSON")
    .addHelpText("after", examples);
  addSettingsFlags(command, settings.usual);
  return command.action((options: Record<string, unknown>) =>
    run(async () => {
      const once = options.once === true;
      if (options.json && !once) throw new MisuseError("--json goes with --once");
      const { environment } = givenTexts(options, host);
      const config = readConfig(environment);
      // With --once, standard output belongs to the summary.
      const logger = createLogger(config.logLevel, pino.destination({ dest: once ? 2 : 1, sync: true }));
      warnOfMisspelt(logger, misspeltSettings(settings, host.environment));
      const { runtime, signal } = host;
      const progress = process.stderr;
      try {
        if (!once) {
          // It loads a web server, which no other command needs.
          const { runDaemon } = await import("../../daemon.js");
          await runDaemon({ config, logger, progress, runtime }, signal);
          return endStatuses.ok;
        }
        const onProgress = recoveryProgress(progress, logger);
        const tasks = await composeDaemon(config, { logger, runtime, onProgress }).once(signal);
        const ok = allWell(tasks);
        host.write(`${options.json ? JSON.stringify({ ok, tasks }) : summaryTable(tasks)}\n`);
        return ok ? endStatuses.ok : endStatuses.failed;
      } catch (error) {
        return endStatus(logger, "daemon", error);
      }
    }),
  );
}
