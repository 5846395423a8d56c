import { compareVersions, type Version } from "@turnkeep/core";
import type { Entry, Span } from "../journal.js";
import { acknowledged, type Evidence, overlaps, writesOf } from "./evidence.js";
import type { Violation } from "./violation.js";

interface Sighting extends Entry {
  readonly sight: NonNullable<Entry["sight"]>;
}

const isSighting = (entry: Entry): entry is Sighting =>
  entry.op === "read" && entry.outcome === "done" && entry.sight !== null && entry.sight !== undefined;

/** I1, I2 and I3 as readers saw them: nothing comes back, nothing goes back, nothing that was promised is missing. */
export function judgeSights({ gameId, entries, losses, splits }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const add = (promise: Violation["promise"], says: string, writeId?: string) =>
    violations.push({ promise, gameId, writeId, says });
  const among = (times: readonly Span[], span: Span) => times.some((one) => overlaps(one, span));
  const sights = entries.filter(isSighting).filter((sight) => !among(splits, sight));

  const closing = acknowledged(entries, "delete") ?? acknowledged(entries, "end");
  const back = sights.find(
    ({ from, sight }) => closing && from > closing.to && sight.status === "live" && !sight.stale,
  );
  if (back && closing)
    add("I2", `its ${closing.op} was acknowledged, and ${since(closing, back)} a reader saw it live`);
  const late = entries.find(
    (one) => one.op === "write" && one.outcome === "done" && closing && one.from > closing.to && !among(splits, one),
  );
  // A retry of a write that was made before is acknowledged even after the end.
  const retried = late && entries.some((entry) => entry.writeId === late.writeId && entry.from < (closing?.to ?? 0));
  if (late && closing && !retried) add("I2", `its ${closing.op} was acknowledged, and then a write`, late.writeId);

  const fresh = sights.filter(({ sight }) => !sight.stale);
  for (const [earlier, later] of followers(fresh)) {
    if (among(losses, { from: earlier.from, to: later.to })) continue;
    if (compareVersions(later.sight.version as Version, earlier.sight.version as Version) >= 0) continue;
    add(
      "I3",
      `a reader saw ${earlier.sight.version}, and ${since(earlier, later)} a reader saw ${later.sight.version}`,
    );
    break;
  }

  for (const [writeId, attempts] of writesOf(entries)) {
    const done = attempts.find(({ outcome }) => outcome === "done");
    if (done === undefined) continue;
    const durable = attempts.find(({ outcome, level }) => outcome === "done" && level === "durable");
    const blind = sights.find(({ sight, from, to }) => {
      if (sight.writes.includes(writeId)) return false;
      if (durable && from > durable.to) return true;
      return !sight.stale && from > done.to && !among(losses, { from: done.from - promisedBefore(losses), to });
    });
    if (!blind) continue;
    const promise = durable && blind.from > durable.to ? "I1" : "I3";
    add(promise, `was acknowledged, and ${since(done, blind)} a reader saw the game without it`, writeId);
    break;
  }
  return violations;
}

const since = (earlier: Span, later: Span) => `${Math.round(later.from - earlier.to)} ms later`;
const promisedBefore = (losses: Evidence["losses"]) => Math.max(0, ...losses.map(({ promisedMs }) => promisedMs));

/** Each sighting with the newest of those that were over before it began. */
function* followers(sights: readonly Sighting[]): Generator<readonly [Sighting, Sighting]> {
  const byEnd = [...sights].sort((a, b) => a.to - b.to);
  const byStart = [...sights].sort((a, b) => a.from - b.from);
  let newest: Sighting | undefined;
  let next = 0;
  for (const later of byStart) {
    for (let one = byEnd[next]; one !== undefined && one.to < later.from; one = byEnd[++next]) {
      if (newest && compareVersions(one.sight.version as Version, newest.sight.version as Version) < 0) continue;
      newest = one;
    }
    if (newest) yield [newest, later];
  }
}
