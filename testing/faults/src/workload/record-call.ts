import { isTurnkeepError } from "@turnkeep/core";
import type { Observation } from "../system/system.js";
import type { Entry, Journal, Operation, OperationOutcome } from "./journal.js";

/** Errors by which a game refuses a call. */
const refusals = new Set(["GameEnded", "GameGone", "GameNotFound", "RevisionConflict", "GameQuarantined"]);

export interface Call {
  readonly op: Operation;
  readonly service: number;
  readonly gameId: string;
  readonly writeId?: string | undefined;
}

export interface Reply {
  readonly level?: "writeBehind" | "durable";
  readonly seen?: Observation | null;
  readonly refused?: boolean;
}

/** Makes the call and records what was asked, when, and with what outcome. Never throws. */
export async function recordCall(journal: Journal, call: Call, make: () => Promise<Reply>): Promise<Entry> {
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

/** What the caller knows after this error. */
function outcomeOf(error: unknown): OperationOutcome {
  if (!isTurnkeepError(error)) return "fault";
  if ("fate" in error.details) return error.details.fate === "notDone" ? "notDone" : "unknown";
  if (error.code === "Backpressure") return "notDone";
  return refusals.has(error.code) ? "refused" : "fault";
}
