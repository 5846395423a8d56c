import { daemonEnvironment, type Place } from "./playground.js";
import { runProgram } from "./run-program.js";

/** A command of the program on this place, run to its end. */
export async function runCommand(
  place: Place,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const { status, stdout, stderr } = await runProgram(args, daemonEnvironment(place, environment));
  return { status, stdout, output: (stdout + stderr).trimEnd() };
}
