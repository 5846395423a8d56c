import type { FinalGame } from "../system/system.js";
import type { Journal } from "../workload/journal.js";
import { checkEndings } from "./check-endings.js";
import { checkOrder } from "./check-order.js";
import { checkReads } from "./check-reads.js";
import { checkWrites, type LostWrite } from "./check-writes.js";
import type { Violation } from "./violation.js";

export interface CheckResult {
  readonly violations: readonly Violation[];
  /** Acknowledged writes that a declared loss took. */
  readonly lost: readonly LostWrite[];
}

/** No call may take longer, whatever is broken, on a machine that is not overloaded. */
const callLimitMs = 12_000;

/** Compares the journal with what the stores hold in the end, and names each promise that was broken. */
export function check(journal: Journal, finals: readonly FinalGame[]): CheckResult {
  const violations = checkCalls(journal);
  const lost: LostWrite[] = [];
  for (const final of finals) {
    const { gameId } = final;
    const entries = journal.entries.filter((entry) => entry.gameId === gameId);
    const { losses, storeLosses, splits } = journal;
    const evidence = { gameId, entries, final, losses, storeLosses, splits };
    const writes = checkWrites(evidence);
    lost.push(...writes.lost);
    violations.push(...writes.violations, ...checkOrder(evidence), ...checkEndings(evidence), ...checkReads(evidence));
  }
  return { violations, lost };
}

/** Every call ended in time, and with an answer that says what happened. */
function checkCalls(journal: Journal): Violation[] {
  const limitMs = callLimitMs * journal.slowness;
  const violation = (gameId: string, found: string): Violation => ({ promise: "liveness", gameId, found });
  const hanging = [...journal.underWay].map(({ op, gameId, from }) =>
    violation(gameId, `${op} has not ended after ${Math.round(journal.now() - from)} ms`),
  );
  const slow = journal.entries
    .filter(({ op, from, to }) => to - from > limitMs && op !== "recover")
    .map(({ gameId, op, from, to }) =>
      violation(gameId, `${op} took ${Math.round(to - from)} ms, and may take ${Math.round(limitMs)}`),
    );
  const failed = journal.entries
    .filter(({ outcome }) => outcome === "fault")
    .map(({ gameId, op, error }) => violation(gameId, `${op} failed with ${error}`));
  return [...hanging, ...slow, ...failed];
}
