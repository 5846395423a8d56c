import type { FinalGame } from "../system/system.js";
import type { Entry, Journal, Loss, Span, StoreLoss } from "../workload/journal.js";

/** What the checker knows of one game. Entries are in the order in which they ended. */
export interface Evidence {
  readonly gameId: string;
  readonly entries: readonly Entry[];
  readonly final: FinalGame;
  readonly losses: readonly Loss[];
  readonly storeLosses: readonly StoreLoss[];
  readonly splits: Journal["splits"];
}

/** The writes that a game contains in the end, by its live row or its history. `null` if it was deleted. */
export function keptWrites({ row, histories }: FinalGame): readonly string[] | null {
  return row?.copy?.writes ?? histories[0]?.writes ?? null;
}

/** The first acknowledged call of this kind whose commit no restored store took back. */
export function acknowledged({ entries, storeLosses }: Evidence, op: Entry["op"]): Entry | undefined {
  return entries.find((entry) => entry.op === op && entry.outcome === "done" && !isDuring(storeLosses, entry));
}

/**
 * Losses of Postgres that this game's copy does not make up for: Redis was emptied too, or had no copy, since the game
 * had been ended or deleted since the backup.
 */
export function storeLossesOf({ entries, storeLosses }: Evidence): readonly StoreLoss[] {
  const closings = entries.filter(({ op }) => op === "end" || op === "delete");
  return storeLosses.filter((loss) => {
    if (!loss.cacheKept) return true;
    if (closings.some(({ outcome, to }) => outcome === "done" && to < loss.from)) return false;
    return closings.some(({ outcome, from }) => (outcome === "done" || outcome === "unknown") && from <= loss.to);
  });
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

export const isDuring = (times: readonly Span[], { from, to }: Span) =>
  times.some((one) => one.from <= to && from <= one.to);
