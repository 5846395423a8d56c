import type { FinalGame } from "../game-service.js";
import type { Journal } from "../journal.js";
import { judgeEndings } from "./judge-endings.js";
import { judgeOrder } from "./judge-order.js";
import { judgeSights } from "./judge-sights.js";
import { judgeWrites, type LostWrite } from "./judge-writes.js";
import type { Violation } from "./violation.js";

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Acknowledged write-behind writes that a declared loss of Redis took. */
  readonly lost: readonly LostWrite[];
}

/** No call may take longer, whatever is broken, on a machine that is not overloaded. */
export const callLimitMs = 12_000;

/** Replays the journal against what is left, and names each promise that was broken. */
export function judge(journal: Journal, finals: readonly FinalGame[]): Verdict {
  const violations = judgeCalls(journal);
  const lost: LostWrite[] = [];
  for (const final of finals) {
    const { gameId } = final;
    const entries = journal.entries.filter((entry) => entry.gameId === gameId);
    const evidence = { gameId, entries, final, losses: journal.losses, splits: journal.splits };
    const writes = judgeWrites(evidence);
    lost.push(...writes.lost);
    violations.push(...writes.violations, ...judgeOrder(evidence), ...judgeEndings(evidence), ...judgeSights(evidence));
  }
  return { violations, lost };
}

/** Every call ended in time, and with an answer that says what happened. */
function judgeCalls(journal: Journal): Violation[] {
  const limitMs = callLimitMs * journal.slowness;
  const hung = [...journal.underWay].map(({ op, gameId, from }) => ({
    promise: "liveness" as const,
    gameId,
    says: `${op} has not ended after ${Math.round(journal.now() - from)} ms`,
  }));
  const slow = journal.entries
    .filter(({ op, from, to }) => to - from > limitMs && op !== "recover")
    .map(({ gameId, op, from, to }) => ({
      promise: "liveness" as const,
      gameId,
      says: `${op} took ${Math.round(to - from)} ms, and may take ${Math.round(limitMs)}`,
    }));
  const senseless = journal.entries
    .filter(({ outcome }) => outcome === "fault")
    .map(({ gameId, op, error }) => ({ promise: "liveness" as const, gameId, says: `${op} failed with ${error}` }));
  return [...hung, ...slow, ...senseless];
}
