import { type Game, isFinal, Refusal, type RepeatOptions, Unanswered, untilAnswered } from "@turnkeep/api";
import type { Level, OperationOutcome } from "../check/operation.js";

/** What an acknowledgement says. */
export interface Written {
  readonly level: Level;
  /** An earlier attempt had been applied, although its answer was lost. */
  readonly duplicate: boolean;
  /** What the write made, where the answer says so. */
  readonly version: string | null;
  readonly game: Game | null;
}

/** How a write ended for the client. */
export interface WriteResult extends Omit<Written, "level"> {
  readonly outcome: OperationOutcome;
  readonly level: Level | null;
  readonly code: string | null;
  readonly attempts: number;
  /** Why each attempt before the last was no answer. */
  readonly silences: readonly string[];
}

/** A game that is over. After an earlier attempt without an answer this does not say whether that one counted. */
const overCodes = new Set(["GameEnded", "GameNotFound", "GameGone"]);

const unapplied = { level: null, duplicate: false, version: null, game: null } as const;

/** Sends a write until it is acknowledged or refused for good. Where the signal fires before that, it is unknown. */
export async function sendWrite(send: () => Promise<Written>, options: RepeatOptions): Promise<WriteResult> {
  const silences: string[] = [];
  let attempts = 0;
  const attempt = (number: number) => {
    attempts = number;
    return send();
  };
  try {
    const written = await untilAnswered(attempt, { ...options, onRetry: (error) => silences.push(codeOf(error)) });
    return { ...written, outcome: "acknowledged", code: null, attempts, silences };
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Unanswered)) throw error;
    const code = codeOf(error);
    const overtaken = attempts > 1 && overCodes.has(code);
    const outcome = !isFinal(error) ? "unknown" : overtaken ? "overtaken" : "refused";
    return { ...unapplied, outcome, code, attempts, silences };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal && error.code !== "") return error.code;
  return error instanceof Error ? error.message : "unknown";
}
