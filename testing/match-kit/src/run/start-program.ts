import { type OwnedProcess, spawnOwned } from "@turnkeep/dev-services";
import { pause } from "@turnkeep/service-kit";

export interface ProgramOptions {
  /** Shown in messages. */
  readonly name: string;
  /** The program's file, with what Node needs to run it before. */
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 when the program can be used. */
  readonly readyUrl: string;
  readonly readyTimeoutMs: number;
  /** Shows what the program prints, on standard error; else only its last lines are kept, for messages. */
  readonly verbose: boolean;
}

const shownLines = 20;
const standardError = 2;

/**
 * Starts a Node program of one's own and resolves once it is ready. It is gone when this process is gone, however that
 * ends.
 * @throws Error with the last lines that it printed, if it ends before or is not ready in time; it is ended then
 */
export async function startProgram(options: ProgramOptions, signal: AbortSignal): Promise<OwnedProcess> {
  const { name, command, workingFolder, environment, readyUrl, readyTimeoutMs, verbose } = options;
  const program = spawnOwned({
    file: process.execPath,
    args: [...command],
    cwd: workingFolder,
    env: environment,
    orphanSignal: "KILL",
    ...(verbose ? { log: standardError } : {}),
  });
  const deadline = performance.now() + readyTimeoutMs;
  while (program.running() && performance.now() < deadline && !signal.aborted) {
    if (await answers(readyUrl)) return program;
    await pause(25, signal);
  }
  const why = program.running() ? (signal.aborted ? "was interrupted" : "was not ready in time") : "ended by itself";
  await program.kill();
  const lines = program.output().trimEnd().split("\n").slice(-shownLines);
  throw new Error([`the ${name} ${why}`, ...lines].join("\n"));
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
