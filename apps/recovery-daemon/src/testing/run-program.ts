import { execFile } from "node:child_process";
import { bundleProgram } from "@turnkeep/dev-services/bundle";

/** What a run of the program gave. */
export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end, in one file with its dependencies. As it is shipped `packed.servers.test.ts` tries it. */
export async function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  const program = await bundleProgram(new URL("../main.ts", import.meta.url));
  const { PATH = "" } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { PATH, ...environment }, maxBuffer: 64 * 1_048_576 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
