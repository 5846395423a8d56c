import { compareVersions, isTurnkeepError, type Version } from "@turnkeep/core";
import type { FlushItem, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { busy, followingWrite, gameOrphaned, revisionConflict, statusError } from "../errors.js";
import { applyOutcome } from "../flush/apply-outcome.js";
import { flushCopy } from "../flush/flush-game.js";
import { loadGame } from "../load/load-game.js";
import type { BatchOutcome } from "../process/batcher.js";
import { unlessAborted, unlessLate } from "../util/abort.js";
import { retryUntil } from "../util/retry.js";
import { type AppliedWrite, contains } from "./idempotency.js";

/** `writeBehind`: the cache has it, due in the store within the lag. `durable`: the store has committed it. */
export type Durability = "writeBehind" | "durable";

export interface DurableOptions {
  readonly signal?: AbortSignal | undefined;
  /** If the store cannot be reached, the write stays at `writeBehind`, as long as the cache serves it. */
  readonly orWriteBehind?: boolean | undefined;
}

/**
 * Resolves once the store has committed a state that contains this write, which the cache has taken before; or history
 * has it. The cache is asked for the copy only if the write's answer has not brought it, and acknowledges it afterwards.
 * Returns the level that was reached: `durable`, unless the options allow less.
 * @throws RevisionConflict if a newer lineage has discarded the write (after a loss of the cache); GameEnded or
 * GameGone if the game has left without it; else StoreUnavailable, CacheUnavailable, Aborted with the fate `unknown`
 */
export async function makeDurable<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: AppliedWrite,
  options: DurableOptions = {},
): Promise<Durability> {
  const { signal } = options;
  let inHand = write.copy;
  return followingWrite(() =>
    retryUntil({ runtime: ctx.runtime, gameId, signal }, () => {
      const copy = inHand;
      inHand = undefined;
      return flushWrite(ctx, gameId, write, copy, options);
    }),
  );
}

/** @param inHand the copy to flush; default: the one that the cache serves now */
async function flushWrite<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: AppliedWrite,
  inHand: UnflushedCopy | undefined,
  { signal, orWriteBehind }: DurableOptions,
): Promise<Durability | "again"> {
  const copy = inHand ?? (await ctx.cache.claimGame(gameId, {}, { signal }));
  if (copy === null) {
    // Lost or unverified since the write: load it again, then see whether the write has survived.
    const loaded = await loadGame(ctx, gameId, { signal });
    if (loaded.kind === "game") return "again";
    await assertArchived(ctx, gameId, write, loaded.status, signal);
    return "durable";
  }
  if (!contains(copy, write)) {
    await assertStored(ctx, gameId, write, copy.version, signal);
    return "durable";
  }
  let outcome: BatchOutcome;
  try {
    const flushed = flushInTime(ctx, { ...copy, writeId: write.writeId });
    outcome = await unlessAborted(flushed, signal, "unknown");
  } catch (error) {
    const mayWait = orWriteBehind && isTurnkeepError(error, "StoreUnavailable");
    if (mayWait && (await isServed(ctx, gameId, write, signal))) return "writeBehind";
    throw error;
  }
  const applied = await applyOutcome(ctx, copy, outcome, { answerFirst: true });
  if (applied === "stored") return "durable";
  if (applied === "again") return "again";
  if (applied === "orphan") throw gameOrphaned(gameId);
  await assertArchived(ctx, gameId, write, applied, signal);
  return "durable";
}

/** Whether the cache still serves a state that contains this write. */
async function isServed<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: AppliedWrite,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const copy = await ctx.cache.claimGame(gameId, {}, { signal });
  return copy !== null && contains(copy, write);
}

/** What one flush came to. @throws StoreUnavailable, `unknown`, when its time is up */
async function flushInTime<State extends object>(ctx: Context<State>, item: FlushItem): Promise<BatchOutcome> {
  const { durableWithinMs } = ctx.settings;
  return unlessLate(flushCopy(ctx, item, durableWithinMs), ctx.runtime, durableWithinMs, () => {
    return busy("StoreUnavailable", "unknown", "the store did not commit it in time");
  });
}

/** The game has left. If it was archived with this write in it, the write is as durable as can be. */
async function assertArchived<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { writeId }: AppliedWrite,
  status: "archived" | "deleted" | "missing" | "quarantined",
  signal: AbortSignal | undefined,
): Promise<void> {
  if (status === "archived" && (await ctx.store.findWrite(gameId, writeId, { signal })) !== null) return;
  throw statusError(gameId, status);
}

/**
 * The served copy lacks the write; the row may have it all the same, if another process flushed it in time. A copy from
 * before the write shows no loss: it may be read from a node that lags behind the one that took the write.
 */
async function assertStored<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: AppliedWrite,
  served: Version,
  signal: AbortSignal | undefined,
): Promise<void> {
  const row = await ctx.store.read(gameId, { signal });
  if (row.kind === "row" && contains(row.game, write)) return;
  ctx.localCopies.drop(gameId);
  if (compareVersions(served, write.version) < 0) {
    throw busy("CacheUnavailable", "unknown", `the cache serves game ${gameId} from before this write`);
  }
  throw revisionConflict(gameId, write.version, served);
}
