import { expiredReason, type Outcome, revisionOf } from "@turnkeep/core";
import type { GameCopy } from "@turnkeep/core/ports";
import { finishEnding } from "../archive/archive-sealed.js";
import type { CallOptions, Context } from "../context.js";
import { loadGame } from "../load/load-game.js";
import { flushDue } from "./flush-round.js";
import { type FailedGame, reportFailures, sweepPages } from "./pages.js";

export interface ExpiryResult {
  readonly expired: number;
  readonly failed: readonly FailedGame[];
}

const atOnce = 4;
const expired: Outcome = { endReason: expiredReason, winnerIds: [], winnerIsNpc: false };

/**
 * Seals and archives, with the reason `expired`, the games that have been idle for so long, by the later of what
 * the store and the cache have on record. The seal holds for the version that was found idle: an action that comes
 * in between keeps its game.
 */
export async function expireStaleGames<State extends object>(
  ctx: Context<State>,
  { signal, idleForMs = ctx.settings.staleAfterMs }: CallOptions & { idleForMs?: number },
): Promise<ExpiryResult> {
  let count = 0;
  const failed = await sweepPages({
    runtime: ctx.runtime,
    list: (after, limit) => ctx.store.listIds({ idleForMs }, { after, limit }, { signal }),
    visit: async (gameId) => {
      if (await expireIfIdle(ctx, gameId, idleForMs, signal)) count += 1;
    },
    pageGames: ctx.settings.recoveryPageGames,
    atOnce,
    signal,
  });
  reportFailures(ctx.log, failed, "expired");
  if (count > 0) ctx.log.info({ expired: count }, "expired idle games");
  return { expired: count, failed };
}

async function expireIfIdle<State extends object>(
  ctx: Context<State>,
  gameId: string,
  idleForMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const loaded = await loadGame(ctx, gameId, { signal, keep: false });
  if (loaded.kind === "none" || loaded.game.status === "ended") return false;
  const copy = await ctx.cache.claimGame(gameId, {}, { signal });
  if (copy === null || copy.status === "ended") return false;
  if ((await idleMs(ctx, copy, signal)) < idleForMs) return false;
  const ending = await finishEnding(ctx, gameId, { outcome: expired, onlyVersion: copy.version, signal });
  if (ending === null || ending.record.outcome.endReason !== expiredReason) return false;
  ctx.events.emit("state:expired", { gameId });
  return true;
}

/**
 * For how long a game has been idle, each side's record by its own clock. What the row has was there when the
 * store wrote it; only of a copy that is newer the cache's record counts.
 */
async function idleMs<State extends object>(
  ctx: Context<State>,
  copy: GameCopy,
  signal: AbortSignal | undefined,
): Promise<number> {
  const row = await ctx.store.read(copy.gameId, { signal });
  if (row.kind !== "row") return 0;
  const inStore = (await ctx.store.now({ signal })) - row.game.lastActionAt;
  if (revisionOf(row.game.version) === revisionOf(copy.version)) return inStore;
  return Math.min(inStore, (await ctx.cache.now({ signal })) - copy.lastActionAt);
}

/**
 * Archives the games that were sealed and never archived, by any process: those of which the store knows, and
 * those that only the cache knows and that are due. Returns how many.
 */
export async function finishEndings<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions,
): Promise<number> {
  let { archived } = await flushDue(ctx, { signal });
  const failed = await sweepPages({
    runtime: ctx.runtime,
    list: (after, limit) => ctx.store.listIds("ended", { after, limit }, { signal }),
    visit: async (gameId) => {
      const ending = await finishEnding(ctx, gameId, { signal });
      if (ending?.copy) archived += 1;
    },
    pageGames: ctx.settings.recoveryPageGames,
    atOnce,
    signal,
  });
  reportFailures(ctx.log, failed, "archived");
  return archived;
}
