import { isTurnkeepError } from "@turnkeep/game-state/core";
import type { ClaimReply, UnflushedCopy } from "@turnkeep/game-state/ports";
import { throwIfAborted } from "./abort.js";
import type { Context } from "./context.js";
import { toError } from "./failures.js";
import { finishEnding } from "./finish-ending.js";
import { flushGame } from "./flush-game.js";
import { loadGame } from "./load-game.js";
import { mapLimit } from "./map-limit.js";
import { settle } from "./settle.js";
import type { CallOptions, FlushRound } from "./types.js";

type Result = "written" | "contained" | "archived" | "failed";

const atOnce = 8;

/**
 * Flushes the games that are due, whoever wrote them, batch by batch until none is left; archives those that were
 * sealed and are due all the same, since whoever sealed them should have archived them long ago.
 * A game that fails is counted and reported, and the others go on.
 * @throws CacheUnavailable where the cache cannot say what is due, StoreUnavailable where a whole batch failed
 */
export async function flushDue<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions = {},
): Promise<FlushRound & { readonly archived: number }> {
  const began = performance.now();
  const round = { written: 0, contained: 0, failed: 0, archived: 0 };
  const { flushBatchGames, claimHideMs } = ctx.settings;
  try {
    for (;;) {
      throwIfAborted(signal);
      const claim = await ctx.cache.claim({ limit: flushBatchGames, hideMs: claimHideMs }, { signal });
      for (const result of await flushClaim(ctx, claim)) round[result] += 1;
      if (claim.copies.length + claim.suspect.length + claim.absent.length < flushBatchGames) break;
    }
  } catch (error) {
    ctx.events.emit("flush:failed", { error: toError(error) });
    throw error;
  }
  const { written, contained, failed, archived } = round;
  if (written + contained + failed + archived > 0) {
    ctx.events.emit("flush:done", { written, contained, failed, tookMs: performance.now() - began });
  }
  return round;
}

async function flushClaim<State extends object>(ctx: Context<State>, claim: ClaimReply): Promise<Result[]> {
  for (const gameId of claim.absent) ctx.unflushed.delete(gameId);
  const live = claim.copies.filter(({ status }) => status === "live");
  const ended = claim.copies.filter(({ status }) => status === "ended");
  const flushed = await mapLimit(live, live.length, (copy) => guarded(ctx, copy.gameId, () => flushOne(ctx, copy)));
  const finished = await mapLimit(ended, atOnce, ({ gameId }) => guarded(ctx, gameId, () => finish(ctx, gameId)));
  const reconciled = await mapLimit(claim.suspect, atOnce, (gameId) =>
    guarded(ctx, gameId, () => reconcile(ctx, gameId)),
  );
  return [...flushed, ...finished, ...reconciled];
}

async function flushOne<State extends object>(ctx: Context<State>, copy: UnflushedCopy): Promise<Result> {
  const outcome = await ctx.batcher.flush(copy);
  const settled = await settle(ctx, copy, outcome);
  if (settled === "stored") return outcome.kind === "written" ? "written" : "contained";
  // The claim hides the game for long, so what needs a second flush gets it now.
  return toResult(settled === "again" ? await flushGame(ctx, copy.gameId) : settled);
}

/** Games that are gone or set aside are settled; one without a row, or one that does not hold still, is not. */
function toResult(settled: Awaited<ReturnType<typeof flushGame>>): Result {
  if (settled === "stored") return "written";
  return settled === "orphan" || settled === "again" ? "failed" : "contained";
}

async function finish<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const ending = await finishEnding(ctx, gameId);
  return ending?.copy ? "archived" : "contained";
}

async function reconcile<State extends object>(ctx: Context<State>, gameId: string): Promise<Result> {
  const loaded = await loadGame(ctx, gameId, { keep: false });
  return loaded.kind === "none" ? "contained" : toResult(await flushGame(ctx, gameId));
}

/** One game's failure is reported and counted; an unavailable store or cache ends the round. */
async function guarded(ctx: Pick<Context<object>, "events" | "log">, gameId: string, work: () => Promise<Result>) {
  try {
    return await work();
  } catch (error) {
    if (isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable")) throw error;
    ctx.events.emit("flush:failed", { error: toError(error) });
    ctx.log.error({ gameId, err: error }, "a game could not be flushed");
    return "failed";
  }
}
