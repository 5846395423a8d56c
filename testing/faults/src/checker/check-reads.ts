import { compareVersions, type Version } from "@turnkeep/core";
import type { Entry, Span } from "../workload/journal.js";
import { acknowledged, type Evidence, isDuring, storeLossesOf, writesOf } from "./evidence.js";
import type { Violation } from "./violation.js";

interface Read extends Entry {
  readonly seen: NonNullable<Entry["seen"]>;
}

const isRead = (entry: Entry): entry is Read =>
  entry.op === "read" && entry.outcome === "done" && entry.seen !== null && entry.seen !== undefined;

const since = (earlier: Span, later: Span) => `${Math.round(later.from - earlier.to)} ms later`;

/** I1, I2 and I3 as readers saw them: nothing comes back, nothing goes back, nothing that was promised is missing. */
export function checkReads(evidence: Evidence): Violation[] {
  const reads = evidence.entries.filter(isRead).filter((read) => !isDuring(evidence.splits, read));
  return [
    ...checkAfterClosing(evidence, reads),
    ...checkVersionsGrow(evidence, reads),
    ...checkOneState(evidence, reads),
    ...checkNothingMissing(evidence, reads),
  ];
}

function checkAfterClosing(evidence: Evidence, reads: readonly Read[]): Violation[] {
  const { gameId, entries, splits } = evidence;
  const closing = acknowledged(evidence, "delete") ?? acknowledged(evidence, "end");
  if (closing === undefined) return [];
  const violations: Violation[] = [];
  const live = reads.find(({ from, seen }) => from > closing.to && seen.status === "live" && !seen.stale);
  if (live) {
    const found = `its ${closing.op} was acknowledged, and ${since(closing, live)} a reader saw it live`;
    violations.push({ promise: "I2", gameId, found });
  }
  const late = entries.find(
    (one) => one.op === "write" && one.outcome === "done" && one.from > closing.to && !isDuring(splits, one),
  );
  // A retry of a write that was made before is acknowledged even after the end.
  const isRetry = entries.some((entry) => entry.writeId === late?.writeId && entry.from < closing.to);
  if (late && !isRetry) {
    const found = `its ${closing.op} was acknowledged, and then a write`;
    violations.push({ promise: "I2", gameId, writeId: late.writeId, found });
  }
  return violations;
}

function checkVersionsGrow(evidence: Evidence, reads: readonly Read[]): Violation[] {
  const { gameId } = evidence;
  const losses = [...evidence.losses, ...storeLossesOf(evidence)];
  for (const [earlier, later] of withNewestBefore(reads.filter(({ seen }) => !seen.stale))) {
    if (isDuring(losses, { from: earlier.from, to: later.to })) continue;
    if (compareVersions(later.seen.version as Version, earlier.seen.version as Version) >= 0) continue;
    const then = `${since(earlier, later)} a reader saw ${later.seen.version}`;
    return [{ promise: "I3", gameId, found: `a reader saw ${earlier.seen.version}, and ${then}` }];
  }
  return [];
}

/** At most one: a version that readers saw two states of, whatever was lost. */
function checkOneState({ gameId }: Evidence, reads: readonly Read[]): Violation[] {
  const states = new Map<string, string>();
  for (const { seen } of reads) {
    const state = seen.writes.join(" ");
    if (state === (states.get(seen.version) ?? state)) states.set(seen.version, state);
    else return [{ promise: "I3", gameId, found: `version ${seen.version} names two states` }];
  }
  return [];
}

/** At most one: the first write that a reader should have seen and did not see. */
function checkNothingMissing(evidence: Evidence, reads: readonly Read[]): Violation[] {
  const { gameId, entries, storeLosses } = evidence;
  const storeLossesHere = storeLossesOf(evidence);
  const losses = [...evidence.losses, ...storeLossesHere];
  const longestLossMs = Math.max(0, ...losses.map(({ promisedMs }) => promisedMs));
  for (const [writeId, attempts] of writesOf(entries)) {
    const done = attempts.find(({ outcome }) => outcome === "done");
    if (done === undefined) continue;
    const durable = attempts.find(
      (one) => one.outcome === "done" && one.level === "durable" && !isDuring(storeLossesHere, one),
    );
    const without = reads.find(({ seen, from, to }) => {
      if (seen.writes.includes(writeId)) return false;
      // What Redis has and a restored store lacks is missing in a stale read until it is brought back.
      if (seen.stale && isDuring(storeLosses, done)) return false;
      if (durable && from > durable.to) return true;
      return !seen.stale && from > done.to && !isDuring(losses, { from: done.from - longestLossMs, to });
    });
    if (!without) continue;
    const promise = durable && without.from > durable.to ? "I1" : "I3";
    const found = `was acknowledged, and ${since(done, without)} a reader saw the game without it`;
    return [{ promise, gameId, writeId, found }];
  }
  return [];
}

/** Each read with the newest of those that were over before it began. */
function* withNewestBefore(reads: readonly Read[]): Generator<readonly [Read, Read]> {
  const byEnd = [...reads].sort((a, b) => a.to - b.to);
  const byStart = [...reads].sort((a, b) => a.from - b.from);
  let newest: Read | undefined;
  let next = 0;
  for (const later of byStart) {
    for (let one = byEnd[next]; one !== undefined && one.to < later.from; one = byEnd[++next]) {
      if (newest && compareVersions(one.seen.version as Version, newest.seen.version as Version) < 0) continue;
      newest = one;
    }
    if (newest) yield [newest, later];
  }
}
