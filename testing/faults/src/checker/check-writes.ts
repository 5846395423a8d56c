import type { Entry, Loss } from "../workload/journal.js";
import { allowedLoss, attempted, type Evidence, isDuring, keptWrites, storeLossesOf, writesOf } from "./evidence.js";
import type { Violation } from "./violation.js";

const ms = (value: number) => `${Math.round(value)} ms`;

/** A write that was acknowledged and is gone, as a declared loss allows: of Redis, at level `writeBehind`; of Postgres. */
export interface LostWrite {
  readonly loss: Loss;
  /** How long before the loss it had been acknowledged. */
  readonly heldMs: number;
}

/** I1, I5 and truth: what was acknowledged is there, and what was refused is not. */
export function checkWrites(evidence: Evidence): { violations: Violation[]; lost: LostWrite[] } {
  const { gameId, entries, final } = evidence;
  const storeLosses = storeLossesOf(evidence);
  const losses = [...evidence.losses, ...storeLosses];
  const violations: Violation[] = [];
  const lost: LostWrite[] = [];
  const deleted = final.row?.status === "deleted" || (attempted(entries, "delete") && keptWrites(final) === null);
  if (deleted) return { violations, lost };
  const kept = new Set(keptWrites(final));
  for (const [writeId, attempts] of writesOf(entries)) {
    const add = (promise: Violation["promise"], found: string) => violations.push({ promise, gameId, writeId, found });
    if (kept.has(writeId)) {
      if (attempts.every(({ outcome }) => outcome === "notDone"))
        add("truth", "was answered as not done, and is there");
      continue;
    }
    const durable = attempts.find(
      (one) => one.outcome === "done" && one.level === "durable" && !isDuring(storeLosses, one),
    );
    if (durable) {
      add("I1", `was acknowledged as durable at ${ms(durable.to)}, and is nowhere`);
      continue;
    }
    const quick = lastDone(attempts);
    if (quick === undefined) continue;
    const loss = allowedLoss(losses, quick.to, quick.from);
    if (loss) lost.push({ loss, heldMs: Math.max(0, loss.from - quick.to) });
    else add("I5", `was acknowledged at ${ms(quick.to)}, ${outside(losses, quick)}, and is nowhere`);
  }
  return { violations, lost };
}

const lastDone = (attempts: readonly Entry[]) => attempts.findLast(({ outcome }) => outcome === "done");

function outside(losses: readonly Loss[], { to }: Entry): string {
  const next = losses.find(({ from }) => from >= to);
  if (next === undefined) return "with no loss after it";
  return `${ms(next.from - to)} before "${next.what}", which may take ${ms(next.promisedMs)}`;
}
