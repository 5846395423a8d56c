import { isTurnkeepError } from "@turnkeep/core";
import type { ClaimReply, UnflushedCopy } from "@turnkeep/core/ports";
import { finishEnding } from "../archive/archive-sealed.js";
import type { CallOptions, Context } from "../context.js";
import { isAway, isUnreadable, toError } from "../errors.js";
import { type Applied, applyOutcome } from "../flush/apply-outcome.js";
import { flushCopy, flushGame } from "../flush/flush-game.js";
import { loadGame } from "../load/load-game.js";
import { throwIfAborted } from "../util/abort.js";
import { mapLimit } from "../util/limiter.js";
import { UnreadableInARow } from "./pages.js";

type Result = "written" | "contained" | "archived" | "failed";

/** One round of the flusher or of a sweep. */
export interface FlushRound {
  readonly written: number;
  readonly contained: number;
  readonly failed: number;
}

/** What one round has come to so far. */
export type Round = Record<Result, number>;

const none: Readonly<Round> = { written: 0, contained: 0, failed: 0, archived: 0 };

/** Games that are claimed one by one at once: few, since their copies may be large. */
export const atOnce = 8;

/**
 * Flushes the games that are due, whichever process wrote them, batch by batch until none is left, and those that this
 * process failed to flush before. Archives those that were sealed and are due all the same: the process that sealed
 * them should have archived them long ago. A game that fails is counted and reported, and the others go on.
 * @throws CacheUnavailable where the cache cannot say what is due, StoreUnavailable where a whole batch failed
 */
export async function flushDue<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions = {},
): Promise<Round> {
  const failing = await reported(ctx, (round) => flushFailing(ctx, round, "all"));
  const claimed = await flushClaims(ctx, { signal });
  return add(failing, claimed);
}

function add(one: Round, other: Round): Round {
  const { written, contained, failed, archived } = other;
  return {
    written: one.written + written,
    contained: one.contained + contained,
    failed: one.failed + failed,
    archived: one.archived + archived,
  };
}

/** Counts what the work does, and reports it: every batch by itself, since under load no round ends. */
export async function reported<State extends object>(
  ctx: Context<State>,
  work: (round: Round) => Promise<void>,
): Promise<Round> {
  const began = ctx.runtime.monotonicMs();
  const round: Round = { ...none };
  try {
    await work(round);
  } catch (error) {
    ctx.events.emit("flush:failed", { error: toError(error) });
    throw error;
  }
  const { written, contained, failed, archived } = round;
  if (written + contained + failed + archived > 0) {
    ctx.events.emit("flush:done", { written, contained, failed, tookMs: ctx.runtime.monotonicMs() - began });
  }
  return round;
}

/**
 * Claims and flushes until nothing is due; with `ahead` also what is due soon, while writes wait for flushes. While the store is away nothing is claimed: a claim hides its games; so it
 * stops after ten unverified games in a row that this process cannot read, and leaves them to others.
 */
export async function flushClaims<State extends object>(
  ctx: Context<State>,
  { ahead = false, signal }: CallOptions & { ahead?: boolean } = {},
): Promise<Round> {
  const { flushBatchBytes: maxBytes, claimHideMs: hideMs } = ctx.settings;
  const unreadable = new UnreadableInARow();
  let more = true;
  let failed = true;
  let sum = none;
  try {
    while (more) {
      throwIfAborted(signal);
      const flushed = await reported(ctx, async (round) => {
        if (ctx.storeIsAway()) await ctx.store.ping({ signal });
        const { dueWithinMs } = ctx.backlog;
        const request = { limit: ctx.batcher.games, maxBytes, hideMs, dueWithinMs };
        const claim = await ctx.cache.claim(ahead ? request : { ...request, dueWithinMs: 0 }, { signal });
        ctx.backlog.claimed(unreadable, claim.backlog);
        more = claim.more;
        await flushClaim(ctx, claim, round, unreadable);
        ctx.backlog.flushed(unreadable, claim.copies.length);
      });
      sum = add(sum, flushed);
    }
    failed = false;
  } finally {
    ctx.backlog.roundOver(unreadable, failed);
  }
  return sum;
}

/** Tries the games again that this process failed to flush, each at its own time. */
export async function flushFailing<State extends object>(
  ctx: Context<State>,
  round: Round,
  which: "due" | "all",
): Promise<void> {
  const gameIds = ctx.unflushed.toRetry(which);
  if (gameIds.length === 0) return;
  if (ctx.storeIsAway()) await ctx.store.ping();
  await mapLimit(gameIds, atOnce, (gameId) => guarded(ctx, gameId, round, () => finishOrFlush(ctx, gameId)));
}

async function flushClaim<State extends object>(
  ctx: Context<State>,
  claim: ClaimReply,
  round: Round,
  unreadable: UnreadableInARow,
): Promise<void> {
  for (const gameId of claim.absent) ctx.unflushed.delete(gameId);
  // What failed here before has its own time to be tried again, and no other game waits for it.
  const copies = claim.copies.filter(({ gameId }) => !ctx.unflushed.isFailing(gameId));
  const live = copies.filter(({ status }) => status === "live");
  const ended = copies.filter(({ status }) => status === "ended");
  await mapLimit(live, live.length, (copy) => guarded(ctx, copy.gameId, round, () => flushOne(ctx, copy)));
  await mapLimit(ended, atOnce, ({ gameId }) => guarded(ctx, gameId, round, () => finish(ctx, gameId)));
  await mapLimit(claim.unverified, atOnce, (gameId) =>
    guarded(ctx, gameId, round, () => reconcile(ctx, gameId), unreadable),
  );
}

async function flushOne<State extends object>(ctx: Context<State>, copy: UnflushedCopy): Promise<Result> {
  const outcome = await flushCopy(ctx, copy);
  const applied = await applyOutcome(ctx, copy, outcome);
  if (applied === "stored") return outcome.kind === "written" ? "written" : "contained";
  // The claim hides the game for long, so what needs a second flush gets it now.
  return applied === "again" ? flushAgain(ctx, copy.gameId) : toResult(applied);
}

async function flushAgain<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const flushed = await flushGame(ctx, gameId);
  return flushed === "clean" ? "contained" : toResult(flushed);
}

async function finishOrFlush<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const copy = await ctx.cache.claimGame(gameId, { onlyDirty: true });
  return copy?.status === "ended" ? finish(ctx, gameId) : flushOrReconcile(ctx, gameId);
}

/** A game that is gone or quarantined needs no flush any more; one without a row has failed. */
function toResult(applied: Exclude<Applied, "again">): Result {
  if (applied === "stored") return "written";
  return applied === "orphan" ? "failed" : "contained";
}

async function finish<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const ending = await finishEnding(ctx, gameId);
  return ending?.copy ? "archived" : "contained";
}

/** Flushes a game of which this process does not know whether its copy is served, clean, unverified or there at all. */
export async function flushOrReconcile<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const flushed = await flushGame(ctx, gameId);
  if (flushed !== "clean") return toResult(flushed);
  const held = ctx.localCopies.versionOf(gameId);
  const { kind } = await ctx.cache.read(gameId, { known: held });
  return kind === "unverified" ? reconcile(ctx, gameId) : "contained";
}

async function reconcile<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const loaded = await loadGame(ctx, gameId, { keep: false });
  return loaded.kind === "none" ? "contained" : flushAgain(ctx, gameId);
}

/** One game's failure is reported, counted and remembered; a store or a cache that is away ends the round. */
async function guarded(
  ctx: Pick<Context<object>, "events" | "log" | "unflushed">,
  gameId: string,
  round: Round,
  work: () => Promise<Result>,
  unreadable?: UnreadableInARow,
): Promise<void> {
  try {
    const result = await work();
    unreadable?.succeeded();
    round[result] += 1;
    if (result === "failed") return;
    ctx.unflushed.succeeded(gameId);
  } catch (error) {
    ctx.unflushed.failed(gameId);
    if (isAway(error)) throw error;
    round.failed += 1;
    ctx.events.emit("flush:failed", { error: toError(error) });
    // An orphan, and a game that this process cannot read, are reported where they are met.
    if (!isUnreadable(error) && !isTurnkeepError(error, "GameOrphaned"))
      ctx.log.error({ gameId, err: error }, "a game could not be flushed");
    unreadable?.failed(error);
  }
}
