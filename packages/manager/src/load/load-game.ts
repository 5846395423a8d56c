import type { ReadReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { cacheContended, gameOrphaned, gameQuarantined } from "../errors.js";
import type { LocalCopy } from "../process/local-copies.js";
import { backOff, unlessAborted } from "../util/abort.js";
import { decodeCached, decodeRow } from "./decode.js";
import { evict, reportOrphan } from "./evict.js";

export type LoadResult<State> =
  | { readonly kind: "game"; readonly game: LocalCopy<State>; readonly from: "cache" | "store" }
  | { readonly kind: "none"; readonly status: "archived" | "deleted" | "missing" };

export interface LoadRequest {
  readonly signal?: AbortSignal | undefined;
  /** Whether this process keeps the game at hand; default true. */
  readonly keep?: boolean | undefined;
}

/** How often a load begins anew when others install or lose the game in between. */
const attempts = 30;

/**
 * The served copy of a game, asked of the cache now; where the cache has none, the store's row is fenced and
 * installed first. Writes nothing over anything newer, whatever others do meanwhile.
 * @throws GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable (only where the cache has no copy)
 */
export async function loadGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  request: LoadRequest = {},
): Promise<LoadResult<State>> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const loaded = await tryLoad(ctx, gameId, request);
    if (loaded !== null) return loaded;
    await backOff(attempt, request.signal);
  }
  throw cacheContended(gameId);
}

/** One round; `null` where the next one will find what somebody else brought. */
async function tryLoad<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, keep = true }: LoadRequest,
): Promise<LoadResult<State> | null> {
  const othersLoad = ctx.loads.underWay(gameId);
  const leave = othersLoad === null ? ctx.loads.enter(gameId) : undefined;
  // A load begins with the very read that finds nothing, unless it would have to wait for room.
  const token = leave !== undefined && ctx.loads.isFree ? ctx.runtime.randomId() : undefined;
  try {
    const reply = await readCopy(ctx, gameId, token, { signal, keep });
    if (typeof reply !== "string") return reply;
    if (othersLoad !== null) {
      await unlessAborted(othersLoad, signal);
      return null;
    }
    ctx.events.emit("state:miss", { gameId });
    ctx.log.debug({ gameId, unverified: reply === "unverified" }, "cache miss");
    return await ctx.loads.admit(async (waited) => {
      if (token !== undefined && !waited) return fillCache(ctx, gameId, token, reply, { signal, keep });
      // Meanwhile another process may have brought the game; and a token drawn before the wait would have been in the
      // way of its load for all that time, or have been lost to it.
      const drawn = ctx.runtime.randomId();
      const now = await readCopy(ctx, gameId, drawn, { signal, keep });
      return typeof now === "string" ? fillCache(ctx, gameId, drawn, now, { signal, keep }) : now;
    }, signal);
  } finally {
    leave?.();
  }
}

/** What one read finds: the game, `null` to read again, or no served copy; then a load has begun, if a token is given. */
async function readCopy<State extends object>(
  ctx: Context<State>,
  gameId: string,
  token: string | undefined,
  { signal, keep }: { signal: AbortSignal | undefined; keep: boolean },
): Promise<LoadResult<State> | null | "miss" | "unverified"> {
  const held = ctx.localCopies.get(gameId);
  const reply = await ctx.cache.read(gameId, { known: held?.version, token }, { signal });
  if (reply.kind === "same") return held === undefined ? null : found(ctx, gameId, held);
  if (reply.kind === "hit") return takeHit(ctx, reply, keep);
  return reply.kind;
}

function found<State extends object>(ctx: Context<State>, gameId: string, game: LocalCopy<State>): LoadResult<State> {
  ctx.events.emit("state:hit", { gameId, from: "cache" });
  ctx.log.debug({ gameId }, "cache hit");
  return { kind: "game", game, from: "cache" };
}

async function takeHit<State extends object>(
  ctx: Context<State>,
  { copy }: Extract<ReadReply, { kind: "hit" }>,
  keep: boolean,
): Promise<LoadResult<State> | null> {
  const state = await decodeCached(ctx, copy);
  if (state === null) return null;
  const game: LocalCopy<State> = { state, version: copy.version, status: copy.status };
  if (keep) ctx.localCopies.put(copy.gameId, game, copy.state.length);
  return found(ctx, copy.gameId, game);
}

async function fillCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  token: string,
  before: "miss" | "unverified",
  { signal, keep }: { signal: AbortSignal | undefined; keep: boolean },
): Promise<LoadResult<State> | null> {
  const loaded = await ctx.store.load(gameId, { signal });
  if (loaded.kind === "quarantined") {
    await evict(ctx, gameId);
    throw gameQuarantined(gameId, loaded.reason);
  }
  if (loaded.kind === "none") {
    if (loaded.status !== "missing") await evict(ctx, gameId);
    else if (before === "unverified") {
      reportOrphan(ctx, gameId);
      throw gameOrphaned(gameId);
    }
    return { kind: "none", status: loaded.status };
  }
  const row = loaded.game;
  const state = await decodeRow(ctx, row);
  const installed = await ctx.cache.install(gameId, token, row, { signal });
  if (installed.kind !== "ok" || installed.keptUnverified) return null;
  const game: LocalCopy<State> = { state, version: installed.version, status: row.status, rowVersion: row.version };
  if (keep) ctx.localCopies.put(gameId, game, row.state.length);
  ctx.log.info({ gameId, version: game.version }, "loaded from the store");
  return { kind: "game", game, from: "store" };
}
