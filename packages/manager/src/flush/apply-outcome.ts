import {
  compareDecimals,
  compareVersions,
  containsRow,
  type Fence,
  type GameId,
  isTurnkeepError,
  lineageOf,
  TurnkeepError,
  type Version,
} from "@turnkeep/core";
import type { FlushOutcome, UnflushedCopy } from "@turnkeep/core/ports";
import { type Base, reportUnavailable } from "../context.js";
import type { BatchOutcome } from "../process/batcher.js";
import { evict, quarantine } from "./evict.js";

/**
 * What became of a copy once the store's answer was applied in the cache.
 * `stored`: the store has the copy. `again`: the copy has changed its fence or lineage, so claim and flush again.
 * The others say where the game is instead.
 */
export type Applied = "stored" | "again" | "archived" | "deleted" | "quarantined" | "orphan";

export interface ApplyOptions {
  /** The caller is answered once the store has the copy, and the acknowledgement in the cache follows. @default false */
  readonly answerFirst?: boolean;
}

/** Applies what a flush came to: acknowledges, adopts, resets, evicts or quarantines the copy. */
export async function applyOutcome(
  base: Base,
  copy: UnflushedCopy,
  outcome: BatchOutcome,
  { answerFirst = false }: ApplyOptions = {},
): Promise<Applied> {
  const acknowledged = () => {
    const acknowledging = acknowledge(base, copy);
    return answerFirst ? base.lifecycle.follow(acknowledging) : acknowledging;
  };
  switch (outcome.kind) {
    case "written":
      base.unflushed.succeeded(copy.gameId);
      base.orphans.delete(copy.gameId);
      if (outcome.logHasGap) reportLogGap(base, copy);
      await acknowledged();
      return "stored";
    case "contained":
      base.unflushed.succeeded(copy.gameId);
      if (holds(outcome.rowVersion, copy.version)) await acknowledged();
      return "stored";
    case "refused":
      return quarantineRefused(base, copy, outcome.reason);
    default:
      return applyUnwritten(base, copy, outcome);
  }
}

/**
 * Whether a row of this version has all of the copy. A row that only remembers a write id may not: it is behind the
 * copy in the same lineage, so that the copy stays dirty; or of another lineage, so that a later flush resets the fork.
 */
function holds(row: Version, copy: Version): boolean {
  return lineageOf(row) === lineageOf(copy) && compareVersions(row, copy) >= 0;
}

/**
 * Quarantines a game whose newest copy the store cannot keep, unless the row has moved on, or a newer copy is there: then
 * that one is the game.
 * @throws StoreUnavailable if the store refuses even what it has kept of the game: then the fault is its own
 */
export async function quarantineRefused(
  base: Base,
  copy: UnflushedCopy,
  reason: string,
): Promise<Exclude<Applied, "stored">> {
  const { gameId } = copy;
  const row = await base.store.read(gameId);
  if (row.kind === "row") {
    const { version: rowVersion } = row.game;
    if (!containsRow(copy, rowVersion)) {
      return applyUnwritten(base, copy, { gameId, kind: "fork", rowVersion });
    }
    if (!(await base.store.canStore(gameId))) {
      const details = { fate: "notDone", reason: "refused" } as const;
      throw new TurnkeepError("StoreUnavailable", `the store refuses what it has kept: ${reason}`, details);
    }
    // Asked after the row was read: what takes the copy's place from now on changes the row first.
    if ((await base.cache.claimGame(gameId))?.version !== copy.version) return "again";
    return (await quarantine(base, row.game, reason, JSON.stringify(copy))) ? "quarantined" : "again";
  }
  if (row.kind === "quarantined") return applyUnwritten(base, copy, { gameId, kind: "quarantined" });
  if (row.status === "missing") return orphaned(base, gameId);
  return applyUnwritten(base, copy, { gameId, kind: "gone", status: row.status });
}

/** The same for the outcomes that leave the store's row as it was; an archive can have them too. */
export async function applyUnwritten(
  base: Base,
  copy: UnflushedCopy,
  outcome: Exclude<FlushOutcome, { kind: "written" | "contained" }>,
): Promise<Exclude<Applied, "stored">> {
  const { gameId } = copy;
  switch (outcome.kind) {
    case "fence":
      await base.cache.adopt(gameId, lineageOf(copy.version), await fenceAbove(base, copy, outcome.fence));
      return "again";
    case "fork":
      base.events.emit("flush:fork", { gameId });
      return resetFork(base, copy);
    case "gone":
      await evict(base, gameId);
      return outcome.status;
    case "quarantined":
      await evict(base, gameId);
      return "quarantined";
    case "orphan":
      return recreate(base, gameId);
  }
}

/**
 * A served copy without a row is of a game that was created since a backup of the store which was restored: a deletion
 * makes a tombstone before the copy goes, and a tombstone is kept for longer than a copy. So the row is made again, from
 * what the cache serves now. A copy that does not know what its row said stays, with an alarm.
 */
async function recreate(base: Base, gameId: GameId): Promise<"again" | "orphan"> {
  const copy = await base.cache.claimGame(gameId);
  if (copy === null) return "again";
  const { origin, version, logCount, entries } = copy;
  if (!origin) return orphaned(base, gameId);
  if (await base.store.recreate({ ...copy, origin })) {
    base.orphans.delete(gameId);
    base.log.error({ gameId, version }, "the store has lost a game; its row was made again from the cached copy");
    await restoreMetadata(base, gameId);
    if (logCount > entries.length) reportLogGap(base, copy);
  }
  return "again";
}

/** A copy without a row is kept, with an alarm: there is no other. */
function orphaned({ orphans }: Base, gameId: GameId): "orphan" {
  orphans.report(gameId);
  return "orphan";
}

/**
 * The fence that the copy is to adopt. The row's fence never decreases, so one below the copy's shows that the store
 * came back without what it had committed: that is logged, and a fence drawn above the copy's, or the game could never
 * be flushed.
 */
async function fenceAbove(base: Base, { gameId, fence }: UnflushedCopy, rowFence: Fence): Promise<Fence> {
  if (compareDecimals(rowFence, fence) > 0) return rowFence;
  base.log.error(
    { gameId, fence, rowFence },
    "the store has lost what it had committed: its fence is behind the copy's",
  );
  const loaded = await base.store.load(gameId, { above: fence });
  if (loaded.kind !== "row") return rowFence;
  await restoreMetadata(base, gameId, loaded.game.metadataVersion);
  return loaded.game.fence;
}

/**
 * A served copy's metadata is newer than its row's after a restore of the store. The row takes it, as a change that was
 * made from it: in a version above both, unless it has something newer by now. Then the copy follows.
 */
export async function restoreMetadata(base: Base, gameId: GameId, rowVersion = "0"): Promise<void> {
  const read = await base.cache.read(gameId);
  if (read.kind !== "hit") return;
  const { metadata, metadataVersion } = read.copy;
  if (metadata === null || compareDecimals(metadataVersion, rowVersion) <= 0) return;
  const stored = await base.store.setMetadata(gameId, { base: metadataVersion, metadata });
  if (stored.kind === "written")
    base.log.error({ gameId }, "the store had lost a game's metadata; it has the copy's now");
  if (stored.kind === "written" || stored.kind === "newer") await base.cache.setMetadata(gameId, stored);
}

/** What the store lost of the log, the cache had trimmed: only the state could be brought back. */
export function reportLogGap({ events, log }: Base, { gameId, logCount, entries }: UnflushedCopy): void {
  events.emit("flush:gap", { gameId });
  log.error(
    { gameId, before: logCount - entries.length + 1 },
    "a game's log has a gap: the store lost what it had of it",
  );
}

/** Never throws: the store has the copy already, so where the cache fails now, the same version is flushed again. */
async function acknowledge(base: Base, { gameId, version, logCount }: UnflushedCopy): Promise<void> {
  try {
    const reply = await base.cache.ack(gameId, version, logCount);
    const known = base.localCopies.versionOf(gameId);
    const wroteSince = known !== undefined && compareVersions(known, version) > 0;
    if (reply === "ok" && !wroteSince) base.unflushed.delete(gameId);
  } catch (error) {
    reportUnavailable(base, error);
    base.log[isTurnkeepError(error) ? "debug" : "error"]({ gameId, err: error }, "a flushed game was not acknowledged");
  }
}

/** The store has what the copy lacks, and wins: the copy is replaced by the row. */
async function resetFork(base: Base, copy: UnflushedCopy): Promise<Exclude<Applied, "stored">> {
  const { gameId } = copy;
  base.localCopies.drop(gameId);
  const loaded = await base.store.load(gameId, { above: copy.fence });
  if (loaded.kind === "row") {
    const replaced = await base.cache.reset(gameId, lineageOf(copy.version), loaded.game);
    if (replaced) base.log.warn({ gameId, version: copy.version }, "a forked copy was replaced by the store's row");
    return "again";
  }
  if (loaded.kind === "none" && loaded.status === "missing") return orphaned(base, gameId);
  await evict(base, gameId);
  return loaded.kind === "quarantined" ? "quarantined" : loaded.status === "deleted" ? "deleted" : "archived";
}
