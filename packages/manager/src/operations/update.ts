import type { Version } from "@turnkeep/core";
import { finishEnding } from "../archive/archive-sealed.js";
import { readReplayStates } from "../archive/read-replay.js";
import type { Context } from "../context.js";
import { cacheContended, followingWrite, notPlayable, revisionConflict } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";
import type { Durability, Reducer, UpdateOptions, UpdateResult } from "../types.js";
import { backOff } from "../util/abort.js";
import { refusal, reportUpdate, writeNext } from "../write/compare-and-set.js";
import { appliedBefore } from "../write/idempotency.js";
import { type DurableWish, makeDurable } from "../write/make-durable.js";
import { decide, type NextState } from "../write/reduce.js";

/** How often a write finds its game lost from the cache and loads it again. */
const reloads = 10;

/**
 * Reads, reduces, compares and sets; a conflict with another server reduces again over what it wrote, unless
 * `expectedVersion` was given. A game that this process holds costs one round trip to the cache and no reading.
 * What leaves without a write (an error of the reducer, nothing to do) has been verified by a read.
 * @throws what the reducer throws; GameNotFound, GameEnded, GameGone; RevisionConflict; Backpressure;
 * CacheUnavailable, StoreUnavailable, Aborted with the write's fate: if `unknown`, retry with the same write id
 */
export async function update<State extends object>(
  ctx: Context<State>,
  gameId: string,
  reducer: Reducer<State>,
  options: UpdateOptions<unknown>,
): Promise<UpdateResult<State>> {
  const { expectedVersion, signal } = options;
  const run: Run<State> = { ctx, gameId, options, writeId: options.writeId ?? ctx.runtime.randomId() };
  const held = ctx.localCopies.get(gameId);
  if (held !== undefined) ctx.events.emit("state:hit", { gameId, from: "process" });
  let current = held;
  let verified = false;
  let conflicts = 0;
  let losses = 0;
  for (;;) {
    if (current === undefined) {
      const loaded = await loadGame(ctx, gameId, { signal });
      if (loaded.kind === "none") return leaveClosed(run, loaded.status);
      current = loaded.game;
      verified = true;
    }
    const decision = decide(ctx, gameId, current, reducer, expectedVersion);
    if (decision.kind !== "write") {
      if (verified) return leaveWithoutWrite(run, current, decision.kind === "refuse" ? decision : null);
      current = undefined;
      continue;
    }
    const { next } = decision;
    const reply = await writeNext(ctx, gameId, current.version, run.writeId, next, signal);
    switch (reply.kind) {
      case "ok":
        return settleWrite(run, current, next, reply.version);
      case "duplicate":
        return settleDuplicate(run, reply.madeVersion);
      case "ended":
      case "backpressure":
        throw await refusal(ctx, gameId, reply.kind);
      case "conflict":
        ctx.events.emit("state:conflict", { gameId });
        conflicts += 1;
        if (conflicts > ctx.settings.conflictRetries) throw revisionConflict(gameId, current.version, reply.version);
        await backOff(conflicts, signal);
        break;
      default:
        losses += 1;
        if (losses > reloads) throw cacheContended(gameId);
    }
    current = undefined;
  }
}

interface Run<State extends object> {
  readonly ctx: Context<State>;
  readonly gameId: string;
  readonly options: UpdateOptions<unknown>;
  readonly writeId: string;
}

/** The game is over, or there is none; but a write that history has was applied before. */
async function leaveClosed<State extends object>(
  run: Run<State>,
  status: "archived" | "deleted" | "missing",
): Promise<UpdateResult<State>> {
  const { ctx, gameId, options, writeId } = run;
  if (status === "archived" && options.writeId !== undefined) {
    const madeVersion = await ctx.store.findWrite(gameId, writeId, { signal: options.signal });
    if (madeVersion !== null) return settleDuplicate(run, madeVersion);
  }
  throw notPlayable(gameId, status);
}

async function settleWrite<State extends object>(
  { ctx, gameId, options, writeId }: Run<State>,
  before: LocalCopy<State>,
  next: NextState<State>,
  version: Version,
): Promise<UpdateResult<State>> {
  const { state } = next;
  const ended = next.outcome !== null;
  const turned = next.turnNumber !== ctx.game.turnOf(before.state);
  let durability: Durability = "writeBehind";
  if (ended) {
    await finishSealed(ctx, gameId, version, options.signal);
    durability = "durable";
  } else if (turned || isDurableAsked(ctx, options)) {
    durability = await makeDurable(ctx, gameId, { version, writeId }, durableWish(ctx, options));
  }
  if (!ended) reportUpdate(ctx, gameId, version, durability);
  return { state, version, status: ended ? "ended" : "live", durability, written: true, duplicate: false };
}

/** Whether every write has to be durable, and not only those that turn. */
function isDurableAsked<State extends object>(ctx: Context<State>, { durability }: UpdateOptions<unknown>): boolean {
  return durability === "durable" || !ctx.cache.detectsFailover;
}

function durableWish<State extends object>(ctx: Context<State>, options: UpdateOptions<unknown>): DurableWish {
  const lenient = ctx.settings.turnBoundaryWhileStoreAway === "writeBehind";
  return { signal: options.signal, orWriteBehind: lenient && !isDurableAsked(ctx, options) };
}

/**
 * Archives what this write sealed; the end is acknowledged by that.
 * @throws RevisionConflict where the seal was discarded by a newer lineage
 */
export async function finishSealed<State extends object>(
  ctx: Context<State>,
  gameId: string,
  sealed: Version,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ending = await followingWrite(() => finishEnding(ctx, gameId, { signal }));
  if (ending === null) throw revisionConflict(gameId, sealed, ctx.localCopies.versionOf(gameId) ?? null);
}

/**
 * This write was applied before, maybe as a turn boundary or as the end, so it is made durable (or archived) before
 * it is acknowledged.
 */
async function settleDuplicate<State extends object>(
  { ctx, gameId, options, writeId }: Run<State>,
  madeVersion: Version,
): Promise<UpdateResult<State>> {
  const answer = { written: false, duplicate: true } as const;
  const loaded = await followingWrite(() => loadGame(ctx, gameId, { signal: options.signal }));
  if (loaded.kind === "none") {
    const replay = await followingWrite(() => readReplayStates(ctx, gameId, options));
    if (replay === null || replay.finalState === null) throw notPlayable(gameId, loaded.status);
    return { ...answer, durability: "durable", state: replay.finalState, version: madeVersion, status: "ended" };
  }
  const { state, version, status } = loaded.game;
  let durability: Durability = "durable";
  if (status === "ended") await finishSealed(ctx, gameId, madeVersion, options.signal);
  else durability = await makeDurable(ctx, gameId, { version: madeVersion, writeId }, durableWish(ctx, options));
  return { ...answer, durability, state, version, status };
}

/** Nothing to write over the newest version, or an error; unless this very write is what made it so. */
async function leaveWithoutWrite<State extends object>(
  run: Run<State>,
  current: LocalCopy<State>,
  refused: { readonly error: unknown } | null,
): Promise<UpdateResult<State>> {
  const { ctx, gameId, options, writeId } = run;
  const madeVersion = options.writeId === undefined ? null : await appliedBefore(ctx, gameId, writeId, options.signal);
  if (madeVersion !== null) return settleDuplicate(run, madeVersion);
  if (refused !== null) throw refused.error;
  const { state, version, status } = current;
  const durable = isDurableAsked(ctx, options);
  if (durable) await makeDurable(ctx, gameId, { version, writeId }, { signal: options.signal });
  const durability: Durability = durable ? "durable" : "writeBehind";
  return { state, version, status, durability, written: false, duplicate: false };
}
