import { compareDecimals, containsRow, lineageOf, revisionOf } from "@turnkeep/core";
import { type CopyFacts, documentOf, type RowFacts, type StoredFacts } from "@turnkeep/core/ports";

/** What can be wrong with a game, and what that means. */
export const findingKinds = {
  missing: "live in Postgres and not in Redis: its first touch has to load it",
  behind: "the served copy lacks what its own row has: Redis was set back unnoticed",
  ahead: "Redis has more than Postgres and believes it saved: Postgres was restored, or lost commits",
  forked: "the row has writes that the copy does not know of: its next flush is refused",
  orphaned: "in Redis, and unknown to Postgres: created after the backup that was restored",
  zombie: "archived, deleted or quarantined in Postgres, and still in Redis",
  unreadable: "the stored document is no JSON object",
  unindexed: "unsaved, and missing from the dirty index: no flush comes by itself",
  needlesslyIndexed: "saved, and still in the dirty index",
  logOutOfStep: "copy and row are of one version, and count different log entries",
  logGap: "entries of its log are missing",
  notArchived: "it ended, and never came into history",
  fenceBehind: "the row's fence is older than that of its copy: Postgres was restored",
  twiceStored: "history has a record of a game that is not over",
} as const;

export type FindingKind = keyof typeof findingKinds;

/** Kinds that one look at one side shows for sure, whatever the game does meanwhile. */
export const oneSidedKinds: ReadonlySet<FindingKind> = new Set(["unreadable", "unindexed", "logGap", "twiceStored"]);

export interface CompareOptions {
  /** The time of the store's clock. */
  readonly nowMs: number;
  /** What takes less than this is under way, and no finding: a load, an archive, an eviction. */
  readonly graceMs: number;
}

/**
 * What looks wrong with a game, by what both sides have of it. The sides were not read at the same moment: what looks
 * wrong may be a step under way, and has to be looked at again.
 */
export function compare(
  copy: CopyFacts | null,
  stored: StoredFacts | null,
  { nowMs, graceMs }: CompareOptions,
): readonly FindingKind[] {
  if (stored === null) return copy === null ? [] : ["orphaned"];
  const { status, row, closedAt } = stored;
  const found = new Set<FindingKind>();
  if (row !== null && stored.inHistory) found.add("twiceStored");
  if (row === null || status === "quarantined") {
    if (copy !== null && (closedAt === null || nowMs - closedAt > graceMs)) found.add("zombie");
    return [...found];
  }
  const isQuiet = nowMs - row.lastActionAt > graceMs;
  const copied = copy?.state ?? null;
  for (const text of new Set([row.state, copied]))
    if (text !== null && documentOf(text) === null) found.add("unreadable");
  if (row.storedEntries !== row.logCount || row.newestEntry !== row.logCount) found.add("logGap");
  if (status === "ended" && isQuiet) found.add("notArchived");
  if (copy === null && status === "live" && isQuiet) found.add("missing");
  // An unverified copy is neither served nor written: its next load compares it.
  if (copy?.served) for (const kind of compareVersions(copy, stored, row)) found.add(kind);
  return [...found];
}

function compareVersions(copy: CopyFacts, { version }: StoredFacts, row: RowFacts): readonly FindingKind[] {
  const inRow = version ?? row.version;
  if (!containsRow(copy, inRow)) return [lineageOf(inRow) === lineageOf(copy.version) ? "behind" : "forked"];
  const found: FindingKind[] = [];
  const isAhead = compareDecimals(revisionOf(copy.version), revisionOf(inRow)) > 0;
  if (copy.dirty && copy.flushAt === null) found.push("unindexed");
  if (!copy.dirty && copy.flushAt !== null) found.push("needlesslyIndexed");
  if (!copy.dirty && isAhead) found.push("ahead");
  if (!isAhead && copy.logCount !== row.logCount) found.push("logOutOfStep");
  if (isAhead && copy.logCount - copy.tailEntries > row.logCount) found.push("logGap");
  if (compareDecimals(row.fence, copy.fence) < 0) found.push("fenceBehind");
  return found;
}

/** Whether the game is live or ended. */
export const isOpen = (stored: StoredFacts | null): boolean => stored?.status === "live" || stored?.status === "ended";
