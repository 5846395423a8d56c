import { compareDecimals, containsRow, type GameId, revisionOf, type Version } from "@turnkeep/core";
import type { Reindexed, ReindexOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, type StoredCopy, versionOf } from "../stored-copy.js";

/**
 * REINDEX: marks those that the store may lack: dirty ones missing from the index, and clean ones ahead of the row; says
 * whose metadata is newer than the row's.
 */
export function reindex(
  { space, check }: Context,
  gameIds: readonly GameId[],
  options: ReindexOptions = {},
): Reindexed {
  check(options, ...gameIds);
  const newerMetadata = gameIds.filter((gameId) => {
    const [copy, row] = [space.copy(gameId), options.rows?.get(gameId)?.metadataVersion];
    if (copy?.epoch !== space.epoch || row === undefined) return false;
    return compareDecimals(copy.metadataVersion, row) > 0;
  });
  const marked = gameIds.filter((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined) return false;
    if (!isDirty(copy)) {
      const row = options.rows?.get(gameId)?.version;
      if (row === undefined || copy.epoch !== space.epoch || !isAhead(copy, row)) return false;
      space.put({ ...copy, expiresAt: null });
    }
    if (space.dueAt.has(gameId)) return false;
    space.mark(gameId, space.now());
    return true;
  });
  return { marked, newerMetadata };
}

const isAhead = (copy: StoredCopy, row: Version): boolean =>
  compareDecimals(copy.revision, revisionOf(row)) > 0 &&
  containsRow({ version: versionOf(copy), base: copy.base }, row);
