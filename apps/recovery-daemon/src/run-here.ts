import { createInterface } from "node:readline/promises";
import { systemRuntime } from "@turnkeep/core";
import { runFromCommandLine } from "./command-line/create-program.js";
import { environment } from "./config.js";

/** The program as this process runs it: its exit status. It stops once the signal fires. */
export function runHere(args: readonly string[], signal: AbortSignal): Promise<number> {
  const ask = async (question: string) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question, { signal });
    } catch {
      return "";
    } finally {
      terminal.close();
    }
  };
  return runFromCommandLine(args, {
    hasColour: process.stderr.isTTY === true && !environment.NO_COLOR,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
    signal,
    runtime: systemRuntime,
    environment,
    write: (text) => void process.stdout.write(text),
    screen: process.stdout.isTTY ? process.stdout : null,
    progress: process.stderr,
    complain: (text) => void process.stderr.write(text),
  });
}
