import type { CallOptions, Context } from "../context.js";
import { loadGame } from "../load/load-game.js";
import { markUnflushed } from "./find-unflushed.js";
import { type FailedGame, reportFailures, sweepPages } from "./pages.js";

export interface RecoveryProgress {
  readonly done: number;
  readonly total: number;
}

export interface RecoveryOptions extends CallOptions {
  readonly onProgress?: ((progress: RecoveryProgress) => void) | undefined;
  /** Counts what would be done; loads, fences and installs nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface RecoveryResult {
  readonly recovered: number;
  readonly alreadyThere: number;
  readonly failed: readonly FailedGame[];
  readonly total: number;
}

const atOnce = 16;

/**
 * Brings every live and ended game back into the cache, never over a newer copy: a game that is served is left alone,
 * the others are loaded in the ordinary way. A copy that is ahead of its row, after a restore of the store, is flushed. A game that fails is reported, and the others go on.
 * @throws StoreUnavailable, CacheUnavailable, Aborted; what was recovered stays so, and a second run finds it there
 */
export async function recoverActiveGames<State extends object>(
  ctx: Context<State>,
  { onProgress, dryRun = false, signal }: RecoveryOptions,
): Promise<RecoveryResult> {
  const counted = await ctx.store.countActive({ signal });
  let done = 0;
  let recovered = 0;
  let alreadyThere = 0;
  const visit = async (gameId: string) => {
    if (dryRun) {
      const reply = await ctx.cache.read(gameId, {}, { signal });
      if (reply.kind === "hit") alreadyThere += 1;
      else recovered += 1;
      return;
    }
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    // A game that ended for good since the page was read is neither.
    if (loaded.kind === "none") return;
    if (loaded.from === "cache") alreadyThere += 1;
    else recovered += 1;
  };
  let page: readonly string[] = [];
  const failed = await sweepPages({
    runtime: ctx.runtime,
    list: async (after, limit) => {
      // The page before is loaded by now, so that what is served can be compared with its rows.
      if (!dryRun) await markUnflushed(ctx, page, signal);
      page = await ctx.store.listIds("active", { after, limit }, { signal });
      return page;
    },
    visit,
    pageGames: ctx.settings.recoveryPageGames,
    atOnce,
    signal,
    onPage: (games) => {
      done += games;
      const progress = { done, total: Math.max(counted, done) };
      ctx.events.emit("recovery:progress", progress);
      callQuietly(ctx, onProgress, progress);
    },
  });
  if (!dryRun) await markUnflushed(ctx, page, signal);
  reportFailures(ctx.log, failed, "recovered");
  const total = recovered + alreadyThere + failed.length;
  ctx.events.emit("recovery:done", { recovered, alreadyThere, failed: failed.length, total });
  ctx.log.info({ recovered, alreadyThere, failed: failed.length, total, dryRun }, `recovered ${recovered} of ${total}`);
  return { recovered, alreadyThere, failed, total };
}

function callQuietly<State extends object>(
  ctx: Context<State>,
  onProgress: RecoveryOptions["onProgress"],
  progress: { done: number; total: number },
): void {
  try {
    onProgress?.(progress);
  } catch (error) {
    ctx.log.error({ err: error }, "a progress listener threw");
  }
}
