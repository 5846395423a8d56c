import { compareVersions, findWrite, lineageOf, TurnkeepError, type Version } from "@turnkeep/game-state/core";
import type { GameCopy } from "@turnkeep/game-state/ports";
import { unlessAborted } from "./abort.js";
import type { Context } from "./context.js";
import { followingWrite, gameOrphaned, notPlayable, revisionConflict } from "./failures.js";
import { flushAttempts } from "./flush-game.js";
import { loadGame } from "./load-game.js";
import { settle } from "./settle.js";

export interface MadeWrite {
  readonly version: Version;
  readonly writeId: string;
}

/**
 * Resolves once the store has committed a state that contains this write, which the cache has taken before.
 * @throws RevisionConflict where the write was discarded by a newer lineage (after a loss of the cache); GameEnded or
 * GameGone where the game has left; else StoreUnavailable, CacheUnavailable, Aborted with the fate `unknown`
 */
export async function makeDurable<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: MadeWrite,
  signal?: AbortSignal | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < flushAttempts; attempt++) {
    if (await followingWrite(() => tryOnce(ctx, gameId, write, signal))) return;
  }
  throw new TurnkeepError("StoreUnavailable", `game ${gameId} kept changing its lineage; its flush did not settle`, {
    fate: "unknown",
  });
}

async function tryOnce<State extends object>(
  ctx: Context<State>,
  gameId: string,
  write: MadeWrite,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const copy = await ctx.cache.claimGame(gameId, {}, { signal });
  if (copy === null) {
    // Lost or suspect since the write: reconcile, then see whether the write has survived.
    const loaded = await loadGame(ctx, gameId, { signal });
    if (loaded.kind === "none") throw notPlayable(gameId, loaded.status);
    return false;
  }
  if (!contains(copy, write)) {
    await assertStored(ctx, gameId, write, copy.version, signal);
    return true;
  }
  const outcome = await unlessAborted(ctx.batcher.flush({ ...copy, writeId: write.writeId }), signal, "unknown");
  const settled = await settle(ctx, copy, outcome);
  if (settled === "stored") return true;
  if (settled === "again") return false;
  if (settled === "orphan") throw gameOrphaned(gameId);
  throw notPlayable(gameId, settled);
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
  ctx.hot.drop(gameId);
  throw revisionConflict(gameId, write.version, served);
}
