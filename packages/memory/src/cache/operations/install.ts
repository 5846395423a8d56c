import { containsRow, type GameId, revisionOf } from "@turnkeep/core";
import type { ActiveGame, CacheCallOptions, InstallReply, PageInstall } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { copyOf, newestMetadata, originOf, type StoredCopy, versionOf } from "../stored-copy.js";

/**
 * INSTALL: only for the load that the token names. An unverified copy is kept if it has all of the row; it then takes
 * the row's fence as its lineage and the row's version as its base. A kept copy is clean only if it has no more than
 * the row; otherwise it is due now.
 */
export function install(
  context: Context,
  gameId: GameId,
  token: string,
  row: ActiveGame,
  options?: CacheCallOptions,
): InstallReply {
  context.check(options, gameId);
  const { space, ttlMs } = context;
  const load = space.load(gameId);
  if (load === undefined || load.token !== token || load.epoch !== space.epoch) return { kind: "tokenLost" };
  const copy = space.copy(gameId);
  if (copy === undefined) return installed(placeRow(context, row), false);
  if (copy.epoch === space.epoch) {
    space.endLoad(gameId);
    return { kind: "present" };
  }
  const descent = { version: versionOf(copy), base: copy.base };
  if (!containsRow(descent, row.version)) return installed(placeRow(context, row), false);

  const isClean = revisionOf(row.version) === copy.revision;
  const kept: StoredCopy = {
    ...copy,
    lineage: row.fence,
    fence: row.fence,
    base: row.version,
    origin: originOf(row),
    rulesVersion: row.rulesVersion,
    ...newestMetadata(row, copy),
    epoch: space.epoch,
    tail: isClean ? [] : copy.tail,
    expiresAt: isClean ? space.now() + ttlMs : null,
  };
  space.put(kept);
  space.endLoad(gameId);
  if (isClean) space.dueAt.delete(gameId);
  else space.mark(gameId, space.now());
  return installed(kept, true);
}

/** INSTALL of many games. */
export function installPage(
  context: Context,
  installs: readonly PageInstall[],
  options?: CacheCallOptions,
): readonly InstallReply[] {
  return installs.map(({ token, row }) => install(context, row.gameId, token, row, options));
}

/** Puts a freshly fenced row in place of whatever was there: clean, unmarked, no load under way. */
export function placeRow({ space, ttlMs }: Context, row: ActiveGame): StoredCopy {
  const placed = copyOf(row, revisionOf(row.version), space.epoch, space.now() + ttlMs);
  const copy = { ...placed, ...newestMetadata(row, space.copy(row.gameId)) };
  space.put(copy);
  space.endLoad(row.gameId);
  space.dueAt.delete(row.gameId);
  return copy;
}

function installed(copy: StoredCopy, keptUnverified: boolean): InstallReply {
  return { kind: "ok", version: versionOf(copy), keptUnverified };
}
