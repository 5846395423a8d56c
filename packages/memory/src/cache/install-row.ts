import { compareDecimals, type GameId, lineageOf, revisionOf } from "@turnkeep/game-state/core";
import type { ActiveGame, InstallReply } from "@turnkeep/game-state/ports";
import type { CacheSpace } from "./cache-space.js";
import { copyOf, type StoredCopy, versionOf } from "./stored-copy.js";

/** Puts a freshly fenced row in place of whatever was there: clean, unmarked, no load under way. */
export function placeRow(space: CacheSpace, row: ActiveGame, ttlMs: number): StoredCopy {
  const copy = copyOf(row, revisionOf(row.version), space.stamp, space.now() + ttlMs);
  space.put(copy);
  space.endLoad(row.gameId);
  space.dueAt.delete(row.gameId);
  return copy;
}

/**
 * INSTALL. A suspect copy is kept, and takes the row's fence as its lineage, unless the row has a newer lineage or a
 * higher revision in the same one. A kept copy is clean only if the row has the very same version; else it is due now.
 */
export function installRow(
  space: CacheSpace,
  gameId: GameId,
  token: string,
  row: ActiveGame,
  ttlMs: number,
): InstallReply {
  const load = space.load(gameId);
  if (load === undefined || load.token !== token || load.stamp !== space.stamp) return { kind: "tokenLost" };
  const copy = space.copy(gameId);
  if (copy === undefined) return installed(placeRow(space, row, ttlMs), false);
  if (copy.stamp === space.stamp) {
    space.endLoad(gameId);
    return { kind: "present" };
  }
  const byLineage = compareDecimals(lineageOf(row.version), copy.lineage);
  const byRevision = compareDecimals(revisionOf(row.version), copy.revision);
  if (byLineage > 0 || (byLineage === 0 && byRevision > 0)) return installed(placeRow(space, row, ttlMs), false);

  const isClean = byLineage === 0 && byRevision === 0;
  const kept: StoredCopy = {
    ...copy,
    lineage: row.fence,
    fence: row.fence,
    stamp: space.stamp,
    tail: isClean ? [] : copy.tail,
    expiresAt: isClean ? space.now() + ttlMs : null,
  };
  space.put(kept);
  space.endLoad(gameId);
  if (isClean) space.dueAt.delete(gameId);
  else space.mark(gameId, space.now());
  return installed(kept, true);
}

function installed(copy: StoredCopy, keptSuspect: boolean): InstallReply {
  return { kind: "ok", version: versionOf(copy), keptSuspect };
}
