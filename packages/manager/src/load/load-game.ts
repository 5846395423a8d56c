import type { JsonValue, Version } from "@turnkeep/core";
import type { LoadReply, ReadReply } from "@turnkeep/core/ports";
import type { Context, StoreOptions } from "../context.js";
import { gameOrphaned, gameQuarantined } from "../errors.js";
import { reportLogGap } from "../flush/apply-outcome.js";
import { evict } from "../flush/evict.js";
import type { LocalCopy } from "../process/local-copies.js";
import { unlessAborted } from "../util/abort.js";
import { retryUntil } from "../util/retry.js";
import { decodeCached, decodeRow, readDocument, toLocalCopy } from "./decode.js";

/** A game as the manager serves it. The state is frozen. */
export interface LoadedGame<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** The version of the rules that it began under, and keeps. */
  readonly rulesVersion: number;
  /** What stands beside the state, frozen; `null` if there never was any. Not redacted. */
  readonly metadata: JsonValue | null;
  readonly metadataVersion: string;
  /** True when the cache could not be asked, so that something newer may exist. */
  readonly stale: boolean;
}

/** A local copy as the caller gets it. */
export function toLoaded<State>(copy: LocalCopy<State>): LoadedGame<State> {
  const { state, version, status, rulesVersion, metadata, metadataVersion } = copy;
  return { state, version, status, rulesVersion, metadata, metadataVersion, stale: false };
}

export type LoadResult<State> =
  | { readonly kind: "game"; readonly game: LocalCopy<State>; readonly from: "cache" | "store" }
  | { readonly kind: "none"; readonly status: "archived" | "deleted" | "missing" };

export interface LoadRequest {
  readonly signal?: AbortSignal | undefined;
  /** Whether this process keeps a local copy; default true. */
  readonly keep?: boolean | undefined;
}

/**
 * The served copy of a game, asked of the cache now; where the cache has none, the store's row is fenced and
 * installed first. Never replaces anything newer, whatever other processes do meanwhile.
 * @throws InvalidState, UnsupportedSchema, StateTooLarge if this process cannot read its document, and nothing was changed;
 * GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable (only where the cache has no copy)
 */
export async function loadGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  request: LoadRequest = {},
): Promise<LoadResult<State>> {
  const { runtime } = ctx;
  return retryUntil({ runtime, gameId, signal: request.signal }, () => tryLoad(ctx, gameId, request));
}

/** One round; `again` if the next one finds what another load installed. */
async function tryLoad<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, keep = true }: LoadRequest,
): Promise<LoadResult<State> | "again"> {
  const othersLoad = ctx.loads.underWay(gameId);
  const leave = othersLoad === null ? ctx.loads.enter(gameId) : undefined;
  // The read that finds nothing begins the load in the same round trip, unless the load has to wait for others.
  const token = leave !== undefined && ctx.loads.isFree ? ctx.runtime.randomId() : undefined;
  let failure: unknown;
  try {
    const reply = await readCopy(ctx, gameId, token, { signal, keep });
    if (reply !== "miss" && reply !== "unverified") return reply;
    if (othersLoad !== null) {
      const othersFailure = await unlessAborted(othersLoad, signal);
      if (othersFailure !== null) throw othersFailure;
      return "again";
    }
    ctx.events.emit("state:miss", { gameId });
    ctx.log.debug({ gameId, unverified: reply === "unverified" }, "cache miss");
    return await ctx.loads.admit(async (waited) => {
      if (token !== undefined && !waited) return fillCache(ctx, gameId, token, reply, { signal, keep });
      // Another process may have loaded the game meanwhile. A token drawn before the wait would have kept that load from
      // installing, or would be lost by now.
      const drawn = ctx.runtime.randomId();
      const now = await readCopy(ctx, gameId, drawn, { signal, keep });
      if (now !== "miss" && now !== "unverified") return now;
      return fillCache(ctx, gameId, drawn, now, { signal, keep });
    }, signal);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    leave?.(failure);
  }
}

/** What one read finds: the game, `again` to read again, or no served copy; with a token given, a load has begun then. */
async function readCopy<State extends object>(
  ctx: Context<State>,
  gameId: string,
  token: string | undefined,
  { signal, keep }: { signal: AbortSignal | undefined; keep: boolean },
): Promise<LoadResult<State> | "again" | "miss" | "unverified"> {
  const held = ctx.localCopies.get(gameId);
  const known = ctx.localCopies.versionOf(gameId);
  const reply = await ctx.cache.read(
    gameId,
    { known: held?.version, knownMetadata: held?.metadataVersion, token },
    { signal },
  );
  if (reply.kind === "same") return held === undefined ? "again" : found(ctx, gameId, held);
  if (reply.kind === "hit") return takeHit(ctx, reply, keep, known);
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
  known: Version | undefined,
): Promise<LoadResult<State> | "again"> {
  const state = await decodeCached(ctx, copy);
  if (state === null) return "again";
  const game = toLocalCopy(ctx, state, copy);
  if (keep) ctx.localCopies.put(copy.gameId, game, copy.state.length, known);
  return found(ctx, copy.gameId, game);
}

async function fillCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  token: string,
  before: "miss" | "unverified",
  { signal, keep }: { signal: AbortSignal | undefined; keep: boolean },
): Promise<LoadResult<State> | "again"> {
  const known = ctx.localCopies.versionOf(gameId);
  const loaded = await ctx.store.load(gameId, { signal, skipLocked: true });
  if (loaded.kind === "quarantined") {
    await evict(ctx, gameId);
    throw gameQuarantined(gameId, loaded.reason);
  }
  if (loaded.kind === "none") {
    if (loaded.status !== "missing") await evict(ctx, gameId);
    else if (before === "unverified") {
      ctx.orphans.report(gameId);
      throw gameOrphaned(gameId);
    }
    return { kind: "none", status: loaded.status };
  }
  const row = loaded.game;
  const state = await decodeRow(ctx, row);
  if (state === null) return "again";
  const installed = await ctx.cache.install(gameId, token, row, { signal });
  if (installed.kind !== "ok" || installed.keptUnverified) return "again";
  const { version } = installed;
  const game = { ...toLocalCopy(ctx, state, row), version, rowVersion: row.version, passed: true };
  if (keep) ctx.localCopies.put(gameId, game, row.state.length, known);
  ctx.log.info({ gameId, version: game.version }, "loaded from the store");
  return { kind: "game", game, from: "store" };
}

/**
 * The game's row, locked until the caller's transaction ends, with all that the cache has of the game: what the store
 * lacks is flushed within the transaction. The copy stays where it is, unverified, so that nothing is served or written
 * before a load has waited for the lock: after a commit the row has all of it, after a rollback the copy has what it had.
 * @throws GameOrphaned; InvalidState, UnsupportedSchema, StateTooLarge if this process cannot read the copy;
 * CacheUnavailable, StoreUnavailable
 */
export async function lockGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<LoadReply> {
  const locked = await ctx.store.lock(gameId, { signal, transaction });
  if (locked.kind !== "row") {
    const isMissing = locked.kind === "none" && locked.status === "missing";
    if (isMissing && (await ctx.cache.exists(gameId, { signal }))) throw gameOrphaned(gameId);
    return locked;
  }
  ctx.localCopies.drop(gameId);
  const copy = await ctx.cache.unverify(gameId, { signal });
  if (copy === null) return locked;
  readDocument(ctx, gameId, () => ctx.codec.decodeTrusted(copy.state));
  // Under the lock no other fence can be drawn, so that the copy may take the row's.
  const [outcome] = await ctx.store.flush([{ ...copy, fence: locked.game.fence }], { signal, transaction });
  if (outcome?.kind === "written" && outcome.logHasGap) reportLogGap(ctx, copy);
  return ctx.store.read(gameId, { signal, transaction });
}
