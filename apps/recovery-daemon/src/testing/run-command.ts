import { type BuiltProgram, buildProgram } from "./built-program.js";
import { daemonEnvironment, type Place } from "./playground.js";

let program: Promise<BuiltProgram> | undefined;

/** A command of the program on this place, run to its end. */
export async function runCommand(
  place: Place,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  program ??= buildProgram();
  const { status, stdout, stderr } = await (await program).run(args, daemonEnvironment(place, environment));
  return { status, stdout, output: (stdout + stderr).trimEnd() };
}
