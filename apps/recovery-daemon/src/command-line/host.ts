import type { Runtime } from "@turnkeep/core";
import type { Environment } from "@turnkeep/service-kit";

/** What a command works with; a test may hand in its own. */
export interface Host {
  /** Fires when the program is asked to stop. */
  readonly signal: AbortSignal;
  readonly runtime: Runtime;
  readonly environment: Environment;
  /** Writes what was asked for: standard output. */
  write(text: string): void;
  /** Writes what a program that reads the output must not read: standard error. */
  complain(text: string): void;
  /** Asks on the terminal and resolves with the answer, empty if there is none; `null` where there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Whether standard error is a terminal that shows colours: never with NO_COLOR. */
  readonly hasColour: boolean;
  /** Standard output, where it is a terminal that can be drawn on again and again; `null` elsewhere. */
  readonly screen: NodeJS.WritableStream | null;
  /** Where progress is drawn, if it is a terminal. */
  readonly progress: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Exit statuses of every command; `--help` lists them. */
export const endStatuses = {
  /** It is done, and all is well. */
  ok: 0,
  /** It could not be done: a store does not answer, or something failed. */
  failed: 1,
  /** Wrong call, wrong settings, or a store that must be set up otherwise. Nothing was done. */
  misused: 2,
  /** It is done, and what was looked at is not there or not well. */
  notWell: 3,
} as const;

export type EndStatus = (typeof endStatuses)[keyof typeof endStatuses];

export const endStatusHelp = `
Exit status:
  0  done, and all is well
  1  it could not be done: a store does not answer, or something failed
  2  wrong call, wrong settings, or a store that must be set up otherwise; nothing was done
  3  done, and what was looked at is not there or not well`;

/** A call that the program does not follow: nothing is done. The message says why, in one sentence. */
export class MisuseError extends Error {
  override readonly name = "MisuseError";
}
