import type { GameId } from "@turnkeep/core";
import {
  type CacheCallOptions,
  type ClaimReply,
  type ClaimRequest,
  type CopyRequest,
  copyBytes,
  type UnflushedCopy,
} from "@turnkeep/core/ports";
import type { DirtyParts } from "../cluster/dirty-parts.js";
import { asReply, type Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { singleTag } from "../keys.js";
import { backlogOf } from "./backlog.js";
import { copyKeys, textAt, textsOf, toUnflushedCopy } from "./texts.js";

/** CLAIM: due games, the most overdue first, hidden from other claims for a while. */
export function claim(context: Context, request: ClaimRequest, options?: CacheCallOptions): Promise<ClaimReply> {
  const { dirtyParts } = context;
  return dirtyParts === null
    ? claimCopies(context, request, options?.signal)
    : claimFromParts(context, dirtyParts, request, options?.signal);
}

/** One Redis: one index, and the copies come in the same round trip. */
async function claimCopies(context: Context, request: ClaimRequest, signal?: AbortSignal): Promise<ClaimReply> {
  const [copies, unverified, absent, more, games, overdueMs] = await runClaim(
    context,
    singleTag,
    "copies",
    request,
    signal,
  );
  return {
    copies: asReply(copies).map(toUnflushedCopy),
    unverified: textsOf(unverified),
    absent: textsOf(absent),
    backlog: { games: Number(games), oldestOverdueMs: Number(overdueMs) },
    more: more === 1,
  };
}

/** How many parts of a Cluster's index are asked before anything is known of the size of copies. */
const firstParts = 8;

/**
 * A Cluster: one index a slot. The parts that may hold due games are asked for an id each; then each copy is read. The
 * size of the copies read so far says how many more parts to ask, so that the bound is passed by few copies.
 */
async function claimFromParts(
  context: Context,
  parts: DirtyParts,
  { limit, maxBytes = Number.POSITIVE_INFINITY, hideMs, dueWithinMs = 0 }: ClaimRequest,
  signal?: AbortSignal,
): Promise<ClaimReply> {
  let oldestOverdueMs = 0;
  const ids = new Set<GameId>();
  /** Parts that had nothing more for this claim. */
  const exhausted = new Set<string>();
  const claimId = async (tag: string): Promise<GameId[]> => {
    const reply = await runClaim(context, tag, "ids", { limit: 1, hideMs, dueWithinMs }, signal);
    const next = textAt(reply, 1);
    oldestOverdueMs = Math.max(oldestOverdueMs, Number(textAt(reply, 4)));
    parts.asked(tag, next === "" ? null : Number(next) - Number(textAt(reply, 2)));
    const fresh = textsOf(reply[0]).filter((id) => !ids.has(id));
    // What is left of this part is not due after all, or was hidden by this very claim.
    if (fresh.length === 0) exhausted.add(tag);
    return fresh;
  };

  /** As far as this process knows it: of all parts at the last count, and of those just asked. */
  const backlog = () => ({ games: Math.max(parts.total, ids.size), oldestOverdueMs });
  // One part, full or empty, is asked in any case: it says whose the keys are, also after all of them were lost.
  await Promise.all([parts.discover(), backlogOf(context, singleTag, signal)]);
  const claimed = { copies: [] as UnflushedCopy[], unverified: [] as GameId[], absent: [] as GameId[] };
  let bytes = 0;
  let atOnce = maxBytes === Number.POSITIVE_INFINITY ? limit : firstParts;
  while (ids.size < limit && bytes < maxBytes) {
    const tags = parts.due(dueWithinMs, Math.min(limit - ids.size, atOnce), exhausted);
    if (tags.length === 0) return { ...claimed, backlog: backlog(), more: false };
    const fresh = (await Promise.all(tags.map(claimId))).flat();
    for (const id of fresh) ids.add(id);
    bytes += await readCopies(context, fresh, claimed, signal);
    atOnce = bytes === 0 ? limit : Math.max(1, Math.floor(((maxBytes - bytes) * ids.size) / bytes));
  }
  return { ...claimed, backlog: backlog(), more: true };
}

/** Sorts these games by what there is of them; returns the bytes of their states and log entries. */
async function readCopies(
  context: Context,
  ids: readonly GameId[],
  { copies, unverified, absent }: { copies: UnflushedCopy[]; unverified: GameId[]; absent: GameId[] },
  signal?: AbortSignal,
): Promise<number> {
  let bytes = 0;
  await Promise.all(
    ids.map(async (id) => {
      const copy = await copyOf(context, id, { onlyDirty: true }, signal);
      if (copy === "unverified") unverified.push(id);
      else if (copy === "absent") absent.push(id);
      else if (copy !== "clean") {
        copies.push(copy);
        bytes += copyBytes(copy);
      }
    }),
  );
  return bytes;
}

async function runClaim(
  { flusher, keyring }: Context,
  tag: string,
  form: "copies" | "ids",
  { limit, maxBytes, hideMs, dueWithinMs = 0 }: ClaimRequest,
  signal?: AbortSignal,
): Promise<Reply> {
  const args = [limit, hideMs, dueWithinMs, form, keyring.prefix, maxBytes ?? ""];
  return await flusher.run("claim", [keyring.index(tag), keyring.deployment(tag)], args, signal, "bulk");
}

/** CLAIM-GAME: one game's copy for a flush, due or not; hides nothing. */
export async function claimGame(
  context: Context,
  gameId: GameId,
  request: CopyRequest = {},
  options?: CacheCallOptions,
): Promise<UnflushedCopy | null> {
  const copy = await copyOf(context, gameId, request, options?.signal);
  return typeof copy === "string" ? null : copy;
}

/** The copy, or why there is none to flush. */
export async function copyOf(
  { flusher, keyring }: Context,
  gameId: GameId,
  { onlyDirty = false, entries = true }: CopyRequest,
  signal?: AbortSignal,
): Promise<UnflushedCopy | "clean" | "unverified" | "absent"> {
  const args = [gameId, onlyDirty ? "dirty" : "", entries ? "" : "short"];
  const reply = await flusher.run("claim-game", copyKeys(keyring.of(gameId)), args, signal, "bulk");
  switch (textAt(reply, 0)) {
    case "COPY":
      return toUnflushedCopy(reply[1]);
    case "CLEAN":
      return "clean";
    case "UNVERIFIED":
      return "unverified";
    default:
      return "absent";
  }
}
