import { PassThrough } from "node:stream";
import { systemRuntime } from "@turnkeep/core";
import { runFromCommandLine } from "../command-line/create-program.js";

/** How the program ends with these arguments, in this process, and what it writes. */
export async function runWith(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let [stdout, stderr] = ["", ""];
  const status = await runFromCommandLine(args, {
    signal: new AbortController().signal,
    runtime: systemRuntime,
    environment,
    write: (text) => {
      stdout += text;
    },
    progress: new PassThrough(),
    complain: (text) => {
      stderr += text;
    },
  });
  return { status, stdout, stderr };
}
