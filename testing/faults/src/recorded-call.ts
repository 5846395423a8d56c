import { isTurnkeepError } from "@turnkeep/core";
import type { Entry, Journal, Operation, OperationOutcome, Sight } from "./journal.js";

/** Errors by which a game says that it takes no such thing, or not now. */
const refusals = new Set(["GameEnded", "GameGone", "GameNotFound", "RevisionConflict", "GameQuarantined"]);

/** What the caller knows after this error. */
function outcomeOf(error: unknown): OperationOutcome {
  if (!isTurnkeepError(error)) return "fault";
  if ("fate" in error.details) return error.details.fate === "notDone" ? "notDone" : "unknown";
  if (error.code === "Backpressure") return "notDone";
  return refusals.has(error.code) ? "refused" : "fault";
}

export interface Call {
  readonly op: Operation;
  readonly service: number;
  readonly gameId: string;
  readonly writeId?: string;
}

/** Makes the call and writes down what was asked, when, and what came of it; never throws. */
export async function recordCall(
  journal: Journal,
  call: Call,
  make: () => Promise<{ level?: "writeBehind" | "durable"; sight?: Sight | null; refused?: boolean }>,
): Promise<Entry> {
  const from = journal.now();
  const underWay = { ...call, from };
  journal.underWay.add(underWay);
  const end = (rest: Omit<Entry, keyof Call | "from" | "to">): Entry => {
    const entry = { ...call, from, to: journal.now(), ...rest };
    journal.underWay.delete(underWay);
    journal.entries.push(entry);
    return entry;
  };
  try {
    const { refused, ...rest } = await make();
    return end({ outcome: refused ? "refused" : "done", ...rest });
  } catch (error) {
    const outcome = outcomeOf(error);
    const { code, name, message } = error as Error & { code?: unknown };
    return end({ outcome, error: outcome === "fault" ? `${name} ${String(code)}: ${message}` : String(code) });
  }
}
