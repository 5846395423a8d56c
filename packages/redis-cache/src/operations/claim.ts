import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, ClaimReply, ClaimRequest, UnflushedCopy } from "@turnkeep/core/ports";
import type { DirtyParts } from "../cluster/dirty-parts.js";
import { asReply, type Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { singleTag } from "../keys.js";
import { backlogOf } from "./backlog.js";
import { copyOf } from "./claim-game.js";
import { textAt, textsOf, toUnflushedCopy } from "./texts.js";

/** CLAIM: due games, the most overdue first, hidden from other claims for a while. */
export function claim(context: Context, request: ClaimRequest, options?: CacheCallOptions): Promise<ClaimReply> {
  const { dirtyParts } = context;
  return dirtyParts === null
    ? claimCopies(context, request, options?.signal)
    : claimFromParts(context, dirtyParts, request, options?.signal);
}

/** One Redis: one index, and the copies come in the same round trip. */
async function claimCopies(context: Context, request: ClaimRequest, signal?: AbortSignal): Promise<ClaimReply> {
  const [copies, unverified, absent] = await runClaim(context, singleTag, "copies", request, signal);
  return { copies: asReply(copies).map(toUnflushedCopy), unverified: textsOf(unverified), absent: textsOf(absent) };
}

/** A Cluster: one index a slot. The parts that may hold due games are asked for ids; then each copy is read. */
async function claimFromParts(
  context: Context,
  parts: DirtyParts,
  { limit, hideMs, dueWithinMs = 0 }: ClaimRequest,
  signal?: AbortSignal,
): Promise<ClaimReply> {
  const claimId = async (tag: string): Promise<GameId[]> => {
    const reply = await runClaim(context, tag, "ids", { limit: 1, hideMs, dueWithinMs }, signal);
    const next = textAt(reply, 1);
    parts.asked(tag, next === "" ? null : Number(next) - Number(textAt(reply, 2)));
    return textsOf(reply[0]);
  };

  // One part, full or empty, is asked in any case: it says whose the keys are, also after all of them were lost.
  await Promise.all([parts.discover(), backlogOf(context, singleTag, signal)]);
  const ids = new Set<GameId>();
  while (ids.size < limit) {
    const claimed = (await Promise.all(parts.due(dueWithinMs, limit - ids.size).map(claimId))).flat();
    const before = ids.size;
    for (const id of claimed) ids.add(id);
    // Nothing new: what is left is not due after all, or was hidden by this very claim.
    if (ids.size === before) break;
  }
  return await readCopies(context, [...ids], signal);
}

async function readCopies(context: Context, ids: readonly GameId[], signal?: AbortSignal): Promise<ClaimReply> {
  const copies: UnflushedCopy[] = [];
  const unverified: GameId[] = [];
  const absent: GameId[] = [];
  await Promise.all(
    ids.map(async (id) => {
      const copy = await copyOf(context, id, true, signal);
      if (copy === "unverified") unverified.push(id);
      else if (copy === "absent") absent.push(id);
      else if (copy !== "clean") copies.push(copy);
    }),
  );
  return { copies, unverified, absent };
}

async function runClaim(
  { flusher, keyring }: Context,
  tag: string,
  form: "copies" | "ids",
  { limit, hideMs, dueWithinMs = 0 }: ClaimRequest,
  signal?: AbortSignal,
): Promise<Reply> {
  const args = [limit, hideMs, dueWithinMs, form, keyring.prefix];
  return await flusher.run("claim", [keyring.index(tag), keyring.deployment(tag)], args, signal);
}
