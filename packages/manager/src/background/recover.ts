import { type GameId, toVersion } from "@turnkeep/core";
import type { CallOptions, Context } from "../context.js";
import { restoreMetadata } from "../flush/apply-outcome.js";
import { loadGame } from "../load/load-game.js";
import { throwIfAborted } from "../util/abort.js";
import { mapLimit } from "../util/limiter.js";
import { type FailedGame, isHopeless, reportFailures, Sweep } from "./pages.js";
import { type FetchedPage, fetchPages, installPage } from "./recovery-pages.js";

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

/** Games that are loaded one by one at once, beside the pages. */
const atOnce = 16;
/** Below every row's. */
const noRow = { version: toVersion("0", "0") };

/**
 * Brings every live and ended game back into the cache, never over a newer copy: a game that is served is left alone,
 * the others are loaded by pages. Documents are passed on as they are, for their readers to check; only a row that is
 * no document at all is quarantined. A copy that is ahead of its row, after a restore of the store, is flushed. A game
 * that fails is reported, and the others go on.
 * @throws StoreUnavailable, CacheUnavailable, Aborted; what was recovered stays so, and a second run finds it there
 */
export async function recoverActiveGames<State extends object>(
  ctx: Context<State>,
  { onProgress, dryRun = false, signal }: RecoveryOptions,
): Promise<RecoveryResult> {
  const counted = await ctx.store.countActive({ signal });
  let [done, recovered, alreadyThere] = [0, 0, 0];
  const visit = async (gameId: string) => {
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    // A game that ended for good since its page was read is neither.
    if (loaded.kind === "none") return;
    if (loaded.from === "cache") alreadyThere += 1;
    else recovered += 1;
  };
  const sweep = new Sweep({ runtime: ctx.runtime, visit, atOnce, signal });
  const finish = async (page: FetchedPage) => {
    if (dryRun) {
      alreadyThere += page.served.length;
      recovered += page.gameIds.length - page.served.length;
      return;
    }
    const installed = await installPage(ctx, page, signal);
    recovered += installed.recovered.length;
    alreadyThere += installed.present.length;
    await sweep.visitAll(installed.others);
    await markUnflushed(ctx, [...installed.present, ...installed.others], signal);
  };
  for await (const page of fetchPages(ctx, { dryRun, signal })) {
    sweep.throwIfHopeless();
    await finish(page);
    done += page.gameIds.length;
    const progress = { done, total: Math.max(counted, done) };
    ctx.events.emit("recovery:progress", progress);
    callQuietly(ctx, onProgress, progress);
  }
  const failed = await sweep.end();
  reportFailures(ctx.log, failed, "recovered");
  const total = recovered + alreadyThere + failed.length;
  ctx.events.emit("recovery:done", { recovered, alreadyThere, failed: failed.length, total });
  ctx.log.info({ recovered, alreadyThere, failed: failed.length, total, dryRun }, `recovered ${recovered} of ${total}`);
  return { recovered, alreadyThere, failed, total };
}

/**
 * Marks the cached copies that the store may lack, page by page, so that they are flushed: those that are dirty and
 * whose mark is lost, and clean ones that are ahead of their row since the store was restored from a backup, or has
 * failed over and lost its last commits, and so may have no row of them. Returns how many. Newer metadata of a copy is
 * written to its row at once. A row that is newer than its copy, or gone, stays as it is.
 * @throws StoreUnavailable, CacheUnavailable, Aborted; what was marked stays so
 */
export async function findUnflushed<State extends object>(
  ctx: Context<State>,
  { signal }: CallOptions,
): Promise<number> {
  let found = 0;
  let cursor: string | null = null;
  do {
    throwIfAborted(signal);
    const request = { cursor, limit: ctx.settings.recoveryPageGames };
    const page: Awaited<ReturnType<typeof ctx.cache.scan>> = await ctx.cache.scan(request, { signal });
    found += await markUnflushed(ctx, page.gameIds, signal);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

/** The same for these games. The rows are read first: one that is written meanwhile costs one write in vain at most. */
export async function markUnflushed<State extends object>(
  ctx: Context<State>,
  gameIds: readonly GameId[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const { cache, store, log } = ctx;
  if (gameIds.length === 0) return 0;
  const listed = await store.listVersions(gameIds, { signal });
  // What has no active row is flushed too: its flush finds out whether the game is over, or its row is lost.
  const rows = new Map(gameIds.map((gameId) => [gameId, listed.get(gameId) ?? noRow]));
  const { marked, newerMetadata } = await cache.reindex(gameIds, { rows, signal });
  if (marked.length > 0) log.warn({ games: marked.length }, "copies are flushed that the store may lack");
  await mapLimit(newerMetadata, atOnce, async (gameId) => {
    try {
      await restoreMetadata(ctx, gameId);
    } catch (error) {
      if (isHopeless(error)) throw error;
      log.error({ gameId, err: error }, "a game's metadata could not be written to a store that lacks it");
    }
  });
  return marked.length;
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
