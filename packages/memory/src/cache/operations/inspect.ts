import { type GameId, revisionOf } from "@turnkeep/core";
import { type CacheCallOptions, type CopyFacts, copyBytes, digestOf, type InspectOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, versionOf } from "../stored-copy.js";

/** INSPECT: what there is of these games; changes nothing, not even whose they are. */
export function inspect(
  { space, check }: Context,
  gameIds: readonly GameId[],
  options: InspectOptions = {},
): readonly CopyFacts[] {
  check(options, ...gameIds);
  return gameIds.flatMap((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined) return [];
    const {
      lineage: _l,
      revision: _r,
      origin: _g,
      rulesVersion: _v,
      metadata: _m,
      metadataVersion: _n,
      epoch,
      tail,
      expiresAt,
      ...rest
    } = copy;
    const { writeIds: _w, outcome: _o, state, ...facts } = rest;
    return {
      ...facts,
      version: versionOf(copy),
      served: epoch === space.epoch,
      dirty: isDirty(copy),
      flushAt: space.dueAt.get(gameId) ?? null,
      expiresInMs: expiresAt === null ? null : expiresAt - space.now(),
      tailEntries: tail.length,
      stateBytes: copyBytes({ state, entries: [] }),
      state: options.states ? state : null,
      entries: options.entries ? tail : null,
    };
  });
}

/** UNLIKE: which of these games have no copy that is as the store says. */
export function unlike(
  { space, check }: Context,
  digests: ReadonlyMap<GameId, string>,
  options?: CacheCallOptions,
): readonly GameId[] {
  check(options, ...digests.keys());
  return [...digests.keys()].filter((gameId) => {
    const copy = space.copy(gameId);
    if (copy === undefined || isDirty(copy) || copy.epoch !== space.epoch || space.dueAt.has(gameId)) return true;
    const version = revisionOf(copy.base) === copy.revision ? copy.base : versionOf(copy);
    return digestOf({ ...copy, version }) !== digests.get(gameId);
  });
}
