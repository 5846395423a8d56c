import { compareVersions, type Version } from "@turnkeep/core";
import { type Evidence, isDuring, keptWrites, writesOf } from "./evidence.js";
import type { Violation } from "./violation.js";

/** I3 and I5 in what is left: each write once, the log as the state has it, both stores at the same version. */
export function checkOrder(evidence: Evidence): Violation[] {
  const { gameId, final } = evidence;
  const violations: Violation[] = [];
  const add = (promise: Violation["promise"], found: string, writeId?: string) =>
    violations.push({ promise, gameId, writeId, found });
  const kept = keptWrites(final);
  const twice = firstRepeated(kept ?? []);
  if (twice !== undefined) add("I3", "was applied twice", twice);

  const log = final.row?.copy ? final.log : null;
  const [history] = final.histories;
  // What a restored store lacks of the log, the cache had trimmed. A finished game says that entries are missing.
  const mayLack = trimmedOf(evidence);
  const expected = (kept ?? []).map((writeId, n) => ({ seq: n + 1, writeId }));
  if (log !== null) {
    const seqs = new Set(log.map(({ seq }) => seq));
    const gap = expected.find(({ seq, writeId }) => !seqs.has(seq) && !mayLack.has(writeId));
    if (gap) add("I3", `the log has a gap at entry ${gap.seq}`, gap.writeId);
    const wrong = log.find(({ seq, writeId }, n) => kept?.[seq - 1] !== writeId || seq <= (log[n - 1]?.seq ?? 0));
    if (wrong)
      add("I3", `the log differs from the state: entry ${wrong.seq} for ${kept?.[wrong.seq - 1]}`, wrong.writeId);
  } else if (kept !== null && history?.log) {
    const lacks = new Set(history.incomplete ? mayLack : []);
    const had = new Set(history.log);
    const logged = kept.filter((writeId) => had.has(writeId) || !lacks.has(writeId));
    const at = firstDifference(logged, history.log);
    if (at !== null) add("I3", `its replay has ${history.log[at]} for ${logged[at]}`);
  }

  const { cache, row } = final;
  if (cache === null || row === null || row.copy === null) return violations;
  if (cache.dirty) add("I5", `Redis still has version ${cache.version} marked as unflushed`);
  // A load gives a clean copy a lineage that the row does not have yet; what counts is what they hold.
  if (firstDifference(row.copy.writes, cache.writes) === null) return violations;
  const both = `Redis has ${cache.writes.length} writes (${cache.version}), Postgres ${row.copy.writes.length} (${row.copy.version})`;
  const newer = compareVersions(cache.version as Version, row.copy.version as Version) > 0;
  add(newer ? "I5" : "I3", newer ? both : `an older version is served: ${both}`);
  return violations;
}

/** Writes whose log entries may be lost although the writes are not: committed since a backup that was restored. */
function trimmedOf({ entries, storeLosses }: Evidence): ReadonlySet<string> {
  const times = storeLosses
    .filter(({ cacheKept }) => cacheKept)
    .map(({ from, to, promisedMs }) => ({ from: from - promisedMs, to }));
  const trimmed = [...writesOf(entries)].filter(([, attempts]) => attempts.some((one) => isDuring(times, one)));
  return new Set(trimmed.map(([writeId]) => writeId));
}

function firstRepeated(writes: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return writes.find((writeId) => seen.size === seen.add(writeId).size);
}

function firstDifference(a: readonly string[], b: readonly string[]): number | null {
  for (let n = 0; n < Math.max(a.length, b.length); n++) if (a[n] !== b[n]) return n;
  return null;
}
