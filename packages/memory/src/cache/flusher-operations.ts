import { compareDecimals, containsRow, type Fence, type GameId, lineageOf, type Version } from "@turnkeep/core";
import type { ActiveGame, ClaimReply, ClaimRequest, DirtyBacklog, UnflushedCopy } from "@turnkeep/core/ports";
import type { CacheSpace } from "./cache-space.js";
import { placeRow } from "./install-row.js";
import { isDirty, toUnflushed, versionOf } from "./stored-copy.js";

/** CLAIM: hides what it takes instead of removing it, so that a claim whose flusher dies is due again. */
export function claimDue(space: CacheSpace, { limit, hideMs, dueWithinMs = 0 }: ClaimRequest): ClaimReply {
  const now = space.now();
  const due = [...space.dueAt]
    .filter(([, dueAt]) => dueAt <= now + dueWithinMs)
    .sort(([idA, a], [idB, b]) => a - b || (idA < idB ? -1 : 1))
    .slice(0, limit);
  const copies: UnflushedCopy[] = [];
  const unverified: GameId[] = [];
  const absent: GameId[] = [];
  for (const [gameId] of due) {
    const copy = space.copy(gameId);
    if (copy === undefined) absent.push(gameId);
    else if (copy.epoch !== space.epoch) unverified.push(gameId);
    else if (isDirty(copy)) copies.push(toUnflushed(copy));
    if (copy !== undefined && (isDirty(copy) || copy.epoch !== space.epoch)) space.dueAt.set(gameId, now + hideMs);
    else space.dueAt.delete(gameId);
  }
  return { copies, unverified, absent };
}

/** CLAIM of one game, due or not. */
export function claimOne(space: CacheSpace, gameId: GameId, onlyDirty: boolean): UnflushedCopy | null {
  const copy = space.copy(gameId);
  if (copy === undefined) space.dueAt.delete(gameId);
  if (copy === undefined || copy.epoch !== space.epoch) return null;
  if (!isDirty(copy)) space.dueAt.delete(gameId);
  return onlyDirty && !isDirty(copy) ? null : toUnflushed(copy);
}

/** ACK: an older version of the lineage trims the log too, but only the current one cleans. */
export function acknowledge(
  space: CacheSpace,
  gameId: GameId,
  version: Version,
  logCount: number,
  ttlMs: number,
): "ok" | "newer" {
  const copy = space.copy(gameId);
  if (copy === undefined || copy.lineage !== lineageOf(version)) return "newer";
  const beforeTail = copy.logCount - copy.tail.length;
  const trimmed = { ...copy, tail: copy.tail.slice(Math.max(0, logCount - beforeTail)) };
  if (versionOf(copy) !== version) {
    space.put(trimmed);
    return "newer";
  }
  space.put({ ...trimmed, expiresAt: space.now() + ttlMs });
  space.dueAt.delete(gameId);
  return "ok";
}

/** ADOPT: the version stays, and so does a fence that is newer already; a load under way loses its token. */
export function adoptFence(space: CacheSpace, gameId: GameId, lineage: string, fence: Fence): Version | null {
  const copy = space.copy(gameId);
  if (copy === undefined || copy.epoch !== space.epoch || copy.lineage !== lineage) return null;
  space.endLoad(gameId);
  if (compareDecimals(copy.fence, fence) < 0) space.put({ ...copy, fence });
  return versionOf(copy);
}

/** RESET: only over the forked lineage, and only by a row that has what the copy lacks. */
export function resetFork(
  space: CacheSpace,
  gameId: GameId,
  forkedLineage: string,
  row: ActiveGame,
  ttlMs: number,
): boolean {
  const copy = space.copy(gameId);
  if (copy === undefined || copy.lineage !== forkedLineage) return false;
  if (containsRow({ version: versionOf(copy), base: copy.base }, row.version)) return false;
  space.publish(gameId, versionOf(placeRow(space, row, ttlMs)));
  return true;
}

/** EVICT: a load under way loses its token in every case, so that it cannot bring the game back. */
export function evict(space: CacheSpace, gameId: GameId, version: Version | undefined): "ok" | "absent" | "newer" {
  const copy = space.copy(gameId);
  space.endLoad(gameId);
  if (copy !== undefined && version !== undefined && (isDirty(copy) || versionOf(copy) !== version)) return "newer";
  space.forget(gameId);
  space.dueAt.delete(gameId);
  if (copy !== undefined || version === undefined) space.publish(gameId, "gone");
  return copy === undefined ? "absent" : "ok";
}

/** Marks again those that are dirty but missing from the index. */
export function reindexLost(space: CacheSpace, gameIds: readonly GameId[]): readonly GameId[] {
  return gameIds.filter((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined || !isDirty(copy) || space.dueAt.has(gameId)) return false;
    space.mark(gameId, space.now());
    return true;
  });
}

export function backlogOf(space: CacheSpace): DirtyBacklog {
  const oldest = Math.min(...space.dueAt.values());
  return { games: space.dueAt.size, oldestOverdueMs: Math.max(0, space.now() - oldest) };
}
