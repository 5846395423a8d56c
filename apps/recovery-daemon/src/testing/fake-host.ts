import { PassThrough } from "node:stream";
import { systemRuntime } from "@turnkeep/core";
import { runFromCommandLine } from "../command-line/create-program.js";

interface Terminal {
  /** What an operator answers; `null`: there is no terminal to ask on. */
  readonly answer?: string | null;
  readonly hasColour?: boolean;
  readonly screen?: PassThrough | null;
  /** @default one that never fires */
  readonly signal?: AbortSignal;
}

/** How the program ends with these arguments, in this process, and what it writes. */
export async function runWith(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { answer = null, hasColour = false, screen = null, signal = new AbortController().signal }: Terminal = {},
) {
  let [stdout, stderr] = ["", ""];
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer ?? "";
  };
  const status = await runFromCommandLine(args, {
    signal,
    runtime: systemRuntime,
    environment,
    hasColour,
    ask: answer === null ? null : ask,
    write: (text) => {
      stdout += text;
    },
    screen,
    progress: new PassThrough(),
    complain: (text) => {
      stderr += text;
    },
  });
  return { status, stdout, stderr, asked };
}
