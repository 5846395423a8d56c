import { ConfigError, readSettings, settingLines } from "@turnkeep/service-kit";
import { Command } from "commander";
import { settings } from "../../config.js";
import { failureOf } from "../failure.js";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";

/** `config`: what is in force and where it comes from. */
export function configCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const all = { ...settings.usual, ...settings.advanced };
  const command = new Command("config")
    .description("print every setting that is in force, where it comes from, and what it means; secrets are masked")
    .option("--json", "print JSON: one object, by variable")
    .addHelpText("after", "\nExamples:\n  turnkeep config\n  turnkeep config --settings-file production.env --json");
  addSettingsFlags(command, all);
  return command.action((options: Record<string, unknown>) =>
    run(async () => {
      const { environment, originOf } = givenTexts(options, host);
      let problem: ConfigError | null = null;
      try {
        readSettings(settings, environment);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        problem = error;
      }
      const lines = settingLines(all);
      const names = Object.keys(all);
      const rows = lines.map(({ name, fallback, description }, index) => {
        const given = environment[name];
        const setting = names[index] ?? "";
        return {
          name,
          value: given ? masked(given) : fallback.replace(/^"(.*)"$/, "$1"),
          from: originOf(setting),
          description,
        };
      });
      if (options.json) {
        const entries = rows.map(({ name, value, from }) => [name, { value, from }]);
        host.write(`${JSON.stringify(Object.fromEntries(entries))}\n`);
      } else {
        const head = ["setting", "value", "from", "meaning"];
        host.write(
          `${table([head, ...rows.map(({ name, value, from, description }) => [name, value, from, description])])}\n`,
        );
      }
      if (problem === null) return endStatuses.ok;
      host.complain(`turnkeep: ${failureOf(problem).sentence}\n`);
      return endStatuses.misused;
    }),
  );
}

/** Without passwords: those in the address of a server, and one that is a parameter of it. */
export function masked(value: string): string {
  return value.replace(/(\/\/[^:@/]*:).*@/, "$1***@").replace(/([?&]password=)[^&]*/gi, "$1***");
}
