import type { GameId } from "@turnkeep/core";
import {
  type CacheCallOptions,
  type ClaimReply,
  type ClaimRequest,
  type CopyRequest,
  copyBytes,
  type UnflushedCopy,
} from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { isDirty, toUnflushed } from "../stored-copy.js";
import { backlogOf } from "./backlog.js";

/** CLAIM: hides what it takes instead of removing it, so that a claim whose flusher dies is due again. */
export function claim(
  { space, check }: Context,
  { limit, maxBytes = Number.POSITIVE_INFINITY, hideMs, dueWithinMs = 0 }: ClaimRequest,
  options?: CacheCallOptions,
): ClaimReply {
  check(options);
  const now = space.now();
  const before = backlogOf(space);
  const due = [...space.dueAt]
    .filter(([, dueAt]) => dueAt <= now + dueWithinMs)
    .sort(([idA, a], [idB, b]) => a - b || (idA < idB ? -1 : 1))
    .slice(0, limit);
  const copies: UnflushedCopy[] = [];
  const unverified: GameId[] = [];
  const absent: GameId[] = [];
  let bytes = 0;
  let more = due.length === limit;
  for (const [gameId] of due) {
    if (bytes >= maxBytes) {
      more = true;
      break;
    }
    const copy = space.copy(gameId);
    if (copy === undefined) absent.push(gameId);
    else if (copy.epoch !== space.epoch) unverified.push(gameId);
    else if (isDirty(copy)) {
      const unflushed = toUnflushed(copy);
      copies.push(unflushed);
      bytes += copyBytes(unflushed);
    }
    if (copy !== undefined && (isDirty(copy) || copy.epoch !== space.epoch)) space.dueAt.set(gameId, now + hideMs);
    else space.dueAt.delete(gameId);
  }
  return { copies, unverified, absent, backlog: before, more };
}

/** CLAIM-GAME: one game's copy for a flush, due or not; hides nothing. */
export function claimGame(
  { space, check }: Context,
  gameId: GameId,
  { onlyDirty = false, entries = true }: CopyRequest = {},
  options?: CacheCallOptions,
): UnflushedCopy | null {
  check(options, gameId);
  const copy = space.copy(gameId);
  if (copy === undefined) space.dueAt.delete(gameId);
  if (copy === undefined || copy.epoch !== space.epoch) return null;
  if (!isDirty(copy)) space.dueAt.delete(gameId);
  if (onlyDirty && !isDirty(copy)) return null;
  const unflushed = toUnflushed(copy);
  return entries ? unflushed : { ...unflushed, entries: [] };
}
