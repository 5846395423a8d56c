import type { FinalGame } from "../system/system.js";
import type { Entry, Journal, Loss, Span } from "../workload/journal.js";

/** What the checker knows of one game. Entries are in the order in which they ended. */
export interface Evidence {
  readonly gameId: string;
  readonly entries: readonly Entry[];
  readonly final: FinalGame;
  readonly losses: readonly Loss[];
  readonly splits: Journal["splits"];
}

/** The writes that a game contains in the end, by its live row or its history. `null` if it was deleted. */
export function keptWrites({ row, histories }: FinalGame): readonly string[] | null {
  return row?.copy?.writes ?? histories[0]?.writes ?? null;
}

/** The first acknowledged call of this kind. */
export function acknowledged(entries: readonly Entry[], op: Entry["op"]): Entry | undefined {
  return entries.find((entry) => entry.op === op && entry.outcome === "done");
}

/** True if such a call may have been carried out. */
export function attempted(entries: readonly Entry[], op: Entry["op"]): boolean {
  return entries.some((entry) => entry.op === op && (entry.outcome === "done" || entry.outcome === "unknown"));
}

/** The attempts of each write, by write id. */
export function writesOf(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const all = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.op !== "write" || entry.writeId === undefined) continue;
    const attempts = all.get(entry.writeId) ?? [];
    attempts.push(entry);
    all.set(entry.writeId, attempts);
  }
  return all;
}

/** The declared loss that may have taken a write-behind write, if any. */
export function allowedLoss(losses: readonly Loss[], acknowledgedAt: number, begun: number): Loss | undefined {
  return losses.find(({ from, to, promisedMs }) => acknowledgedAt >= from - promisedMs && begun <= to);
}

export const overlaps = (a: Span, b: Span) => a.from <= b.to && b.from <= a.to;
