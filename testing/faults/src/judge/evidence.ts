import type { FinalGame } from "../game-service.js";
import type { Entry, Journal, Loss } from "../journal.js";

/** What the judge knows of one game. Entries are in the order in which they ended. */
export interface Evidence {
  readonly gameId: string;
  readonly entries: readonly Entry[];
  readonly final: FinalGame;
  readonly losses: readonly Loss[];
  readonly splits: Journal["splits"];
}

/** What a game holds in the end: of its only live row, or of its history. `null` where it was deleted. */
export function keptWrites({ row, histories }: FinalGame): readonly string[] | null {
  return row?.copy?.writes ?? histories[0]?.writes ?? null;
}

/** Acknowledged at least once, by the first of its attempts that was. */
export function acknowledged(entries: readonly Entry[], op: Entry["op"]): Entry | undefined {
  return entries.find((entry) => entry.op === op && entry.outcome === "done");
}

/** True if it may have happened, whoever was told what. */
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

/** The loss that excuses that this write-behind write is gone. */
export function excuse(losses: readonly Loss[], acknowledgedAt: number, begun: number): Loss | undefined {
  return losses.find(({ from, to, promisedMs }) => acknowledgedAt >= from - promisedMs && begun <= to);
}

export const overlaps = (a: { from: number; to: number }, b: { from: number; to: number }) =>
  a.from <= b.to && b.from <= a.to;
