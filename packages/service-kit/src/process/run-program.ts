import { ConfigError } from "../settings/read-settings.js";
import type { Command } from "./command-line.js";

/**
 * Does what the command line asks for, and returns the exit status: that of `run`, 0 for a text that was printed, 2 for
 * a wrong call or wrong settings.
 */
export async function runProgram<Flag extends string>(
  command: Command<Flag>,
  run: (flags: ReadonlySet<Flag>) => Promise<number>,
): Promise<number> {
  if (command.kind === "print") process.stdout.write(command.text);
  if (command.kind === "refuse") process.stderr.write(command.text);
  if (command.kind !== "run") return command.kind === "print" ? 0 : 2;
  try {
    return await run(command.flags);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`the settings are not valid:\n${error.message}\nsee --help\n`);
    return 2;
  }
}
