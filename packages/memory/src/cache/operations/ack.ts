import { type GameId, lineageOf, type Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";

/** ACK: an older version of the lineage trims the log too, but only the current one cleans. */
export function ack(
  { space, ttlMs, check }: Context,
  gameId: GameId,
  version: Version,
  logCount: number,
  options?: CacheCallOptions,
): "ok" | "newer" {
  check(options, gameId);
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
