import { type Command, readCommandLine, refuse } from "@turnkeep/service-kit";
import { version } from "../package.json";
import { settings } from "./config.js";

const program = {
  name: "turnkeep-recovery-daemon",
  version,
  description: "brings live games back, flushes leftovers, finishes endings, enforces deadlines, expires idle games",
  flags: {
    once: "do every task once, print a summary, and exit with 0 if all succeeded, else with 1",
    json: "with --once: print the summary as JSON",
  },
  settings,
};

export type Flag = keyof typeof program.flags;

/** What the command line asks for: without `once` the daemon watches until it is stopped. */
export function parseCommand(args: readonly string[]): Command<Flag> {
  const command = readCommandLine<Flag>(program, args);
  const jsonAlone = command.kind === "run" && command.flags.has("json") && !command.flags.has("once");
  return jsonAlone ? refuse("--json without --once") : command;
}
