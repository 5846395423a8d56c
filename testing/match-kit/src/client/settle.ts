import { pause } from "@turnkeep/service-kit";
import type { Level, OperationOutcome } from "../check/operation.js";
import type { Answer, SeenGame } from "./answer.js";

/** How a write ended for the client. */
export interface Settled {
  readonly outcome: OperationOutcome;
  readonly level: Level | null;
  readonly code: string | null;
  readonly attempts: number;
  /** Why each attempt before the last was no answer. */
  readonly silences: readonly string[];
  /** An earlier attempt had been applied, although its answer was lost. */
  readonly duplicate: boolean;
  /** What an acknowledged write made, where the answer says so. */
  readonly version: string | null;
  readonly seen: SeenGame | null;
}

/** Said of a game that is over; after an earlier attempt without an answer it does not tell whether that one counted. */
const overCodes = new Set(["GameEnded", "GameNotFound", "GameGone"]);

const unapplied = { level: null, duplicate: false, version: null, seen: null } as const;

/**
 * Asks until the answer settles the write: acknowledged or refused for good. Where the signal fires before that, the
 * write is unknown.
 */
export async function settle(
  ask: (attempt: number) => Promise<Answer>,
  pauseMs: () => number,
  signal: AbortSignal,
): Promise<Settled> {
  const silences: string[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const answer = await ask(attempts);
    if (answer.kind === "done") {
      const { level, duplicate, version, seen } = answer;
      return { outcome: "acknowledged", level, code: null, attempts, silences, duplicate, version, seen };
    }
    if (answer.kind === "refused") {
      const overtaken = attempts > 1 && overCodes.has(answer.code);
      return { ...unapplied, outcome: overtaken ? "overtaken" : "refused", code: answer.code, attempts, silences };
    }
    if (signal.aborted) return { ...unapplied, outcome: "unknown", code: answer.why, attempts, silences };
    silences.push(answer.why);
    await pause(pauseMs(), signal);
  }
}
