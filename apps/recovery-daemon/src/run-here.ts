import { systemRuntime } from "@turnkeep/core";
import { runFromCommandLine } from "./command-line/create-program.js";
import { environment } from "./config.js";

/** The program as this process runs it: its exit status. It stops once the signal fires. */
export function runHere(args: readonly string[], signal: AbortSignal): Promise<number> {
  return runFromCommandLine(args, {
    signal,
    runtime: systemRuntime,
    environment,
    write: (text) => void process.stdout.write(text),
    progress: process.stderr,
    complain: (text) => void process.stderr.write(text),
  });
}
