import { compareVersions, findWrite, isTurnkeepError, lineageOf, TurnkeepError, type Version } from "@turnkeep/core";
import type { FlushItem, GameCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { followingWrite, gameOrphaned, notPlayable, revisionConflict } from "../errors.js";
import { settle } from "../flush/apply-outcome.js";
import { flushCopy } from "../flush/flush-copy.js";
import { flushAttempts } from "../flush/flush-game.js";
import { loadGame } from "../load/load-game.js";
import type { BatchOutcome } from "../process/batcher.js";
import type { Durability } from "../types.js";
import { unlessAborted, unlessLate } from "../util/abort.js";

export interface MadeWrite {
  readonly version: Version;
  readonly writeId: string;
}

export interface DurableWish {
  readonly signal?: AbortSignal | undefined;
  /** A store that cannot be reached leaves the write at `writeBehind`, as long as the cache serves it. */
  readonly orWriteBehind?: boolean | undefined;
}

/**
 * Resolves once the store has committed a state that contains this write, which the cache has taken before; or history
 * has it. The level that was reached: `durable`, unless the caller is content with less.
 * @throws RevisionConflict where the write was discarded by a newer lineage (after a loss of the cache); GameEnded or
 * GameGone where the game has left without it; else StoreUnavailable, CacheUnavailable, Aborted with the fate `unknown`
 */
export async function makeDurable<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: MadeWrite,
  wish: DurableWish = {},
): Promise<Durability> {
  for (let attempt = 0; attempt < flushAttempts; attempt++) {
    const level = await followingWrite(() => tryOnce(ctx, gameId, write, wish));
    if (level !== null) return level;
  }
  throw new TurnkeepError("StoreUnavailable", `game ${gameId} kept changing its lineage; its flush did not settle`, {
    fate: "unknown",
    reason: "busy",
  });
}

/** The level that was reached; `null` to try again. */
async function tryOnce<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: MadeWrite,
  { signal, orWriteBehind }: DurableWish,
): Promise<Durability | null> {
  const copy = await ctx.cache.claimGame(gameId, {}, { signal });
  if (copy === null) {
    // Lost or unverified since the write: reconcile, then see whether the write has survived.
    const loaded = await loadGame(ctx, gameId, { signal });
    if (loaded.kind === "none") await assertRemembered(ctx, gameId, write, loaded.status, signal);
    return loaded.kind === "none" ? "durable" : null;
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
    if (orWriteBehind && isTurnkeepError(error, "StoreUnavailable")) return "writeBehind";
    throw error;
  }
  const settled = await settle(ctx, copy, outcome);
  if (settled === "stored") return "durable";
  if (settled === "again") return null;
  if (settled === "orphan") throw gameOrphaned(gameId);
  await assertRemembered(ctx, gameId, write, settled, signal);
  return "durable";
}

/** What one flush came to, whatever it waited for. @throws StoreUnavailable, `unknown`, when its time is up */
async function flushInTime<State extends object>(ctx: Context<State>, item: FlushItem): Promise<BatchOutcome> {
  return unlessLate(flushCopy(ctx, item), ctx.runtime, ctx.settings.durableWithinMs, () => {
    const details = { fate: "unknown", reason: "busy" } as const;
    return new TurnkeepError("StoreUnavailable", "the store did not commit it in time", details);
  });
}

/** The game has left; where it was archived with this write in it, the write is as durable as can be. */
async function assertRemembered<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { writeId }: MadeWrite,
  status: "archived" | "deleted" | "missing" | "quarantined",
  signal: AbortSignal | undefined,
): Promise<void> {
  if (status === "archived" && (await ctx.store.findWrite(gameId, writeId, { signal })) !== null) return;
  throw notPlayable(gameId, status);
}

/** Within one lineage every version contains those before it; across lineages the write id tells. */
function contains(copy: GameCopy, { version, writeId }: MadeWrite): boolean {
  if (lineageOf(copy.version) === lineageOf(version) && compareVersions(copy.version, version) >= 0) return true;
  return findWrite(copy.writeIds, writeId) !== null;
}

/** The served copy lacks the write; the row may have it all the same, if another process flushed it in time. */
async function assertStored<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: MadeWrite,
  served: Version,
  signal: AbortSignal | undefined,
): Promise<void> {
  const row = await ctx.store.read(gameId, { signal });
  if (row.kind === "row" && contains(row.game, write)) return;
  ctx.localCopies.drop(gameId);
  throw revisionConflict(gameId, write.version, served);
}
