import { compareVersions, type Version } from "@turnkeep/core";
import { type Evidence, keptWrites } from "./evidence.js";
import type { Violation } from "./violation.js";

/** I3 and I5 in what is left: each write once, the log as the state has it, both stores at the same version. */
export function checkOrder({ gameId, final }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const add = (promise: Violation["promise"], found: string, writeId?: string) =>
    violations.push({ promise, gameId, writeId, found });
  const kept = keptWrites(final);
  const twice = firstRepeated(kept ?? []);
  if (twice !== undefined) add("I3", "was applied twice", twice);

  const log = final.row?.copy ? final.log : null;
  const gap = log?.findIndex(({ seq }, n) => seq !== n + 1) ?? -1;
  if (gap >= 0) add("I3", `the log has a gap: entry ${gap + 1} is numbered ${log?.[gap]?.seq}`);
  const logged = log?.map(({ writeId }) => writeId) ?? final.histories[0]?.log ?? null;
  if (kept !== null && logged !== null) {
    const at = firstDifference(kept, logged);
    if (at !== null) add("I3", `the log differs from the state at entry ${at + 1}: ${logged[at]} for ${kept[at]}`);
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

function firstRepeated(writes: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return writes.find((writeId) => seen.size === seen.add(writeId).size);
}

function firstDifference(a: readonly string[], b: readonly string[]): number | null {
  for (let n = 0; n < Math.max(a.length, b.length); n++) if (a[n] !== b[n]) return n;
  return null;
}
