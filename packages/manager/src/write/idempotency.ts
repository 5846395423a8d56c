import { compareVersions, findWrite, lineageOf, type Version, type WriteId } from "@turnkeep/core";
import type { GameCopy, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context, StoreOptions } from "../context.js";
import { followingWrite } from "../errors.js";
import { type ReplayStates, readReplayStates } from "../load/decode.js";
import { loadGame } from "../load/load-game.js";
import { retryUntil } from "../util/retry.js";

/*
 * Was this write applied before? The served copy and the row remember the last write ids of a game, the tombstone of an
 * archived game keeps them, and history has the state that the game ended with.
 */

/** A write that was applied, and the version that it made. */
export interface AppliedWrite {
  readonly version: Version;
  readonly writeId: WriteId;
  /** The game as the write made it, if its answer brought that. */
  readonly copy?: UnflushedCopy | undefined;
}

/** Whether this copy or row remembers the write. */
export function remembers({ writeIds }: Pick<GameCopy, "writeIds">, writeId: WriteId): boolean {
  return findWrite(writeIds, writeId) !== null;
}

/**
 * Whether this copy or row has the write in it: a version has all those before it in its lineage; from one lineage to
 * the next, the write id shows it.
 */
export function contains(copy: Pick<GameCopy, "version" | "writeIds">, { version, writeId }: AppliedWrite): boolean {
  if (lineageOf(copy.version) === lineageOf(version) && compareVersions(copy.version, version) >= 0) return true;
  return remembers(copy, writeId);
}

/**
 * The version that this write made, if the served copy remembers it, or the tombstone if the game was archived since. A
 * copy that is lost or unverified is loaded first, since it may be all that has the write.
 * @throws CacheUnavailable, StoreUnavailable, GameQuarantined, GameOrphaned
 */
export async function findApplied<State extends object>(
  ctx: Context<State>,
  gameId: string,
  writeId: WriteId,
  signal: AbortSignal | undefined,
): Promise<Version | null> {
  return retryUntil({ runtime: ctx.runtime, gameId, signal }, async () => {
    const copy = await ctx.cache.claimGame(gameId, { entries: false }, { signal });
    if (copy !== null) return findWrite(copy.writeIds, writeId);
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    if (loaded.kind === "game") return "again";
    return loaded.status === "archived" ? ctx.store.findWrite(gameId, writeId, { signal }) : null;
  });
}

/** A write that went into a game which was archived since, and how that game ended. */
export interface ArchivedWrite<State> {
  readonly version: Version;
  readonly finalState: State;
  readonly replay: ReplayStates<State, unknown>;
}

/**
 * Finds a write that is sent again after its game was archived. `null` if the game has no such write, and once its
 * tombstone is purged or has forgotten it: then a retry looks the same as a late write by another caller.
 * @throws StoreUnavailable, `unknown` once the write is known to have happened
 */
export async function findArchivedWrite<State extends object>(
  ctx: Context<State>,
  gameId: string,
  writeId: WriteId | undefined,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ArchivedWrite<State> | null> {
  if (writeId === undefined) return null;
  const version = await ctx.store.findWrite(gameId, writeId, { signal, transaction });
  return version === null ? null : readArchivedWrite(ctx, gameId, version, { signal, transaction });
}

/** How the game ended into which this version was written; `null` if history does not have it. */
export async function readArchivedWrite<State extends object>(
  ctx: Context<State>,
  gameId: string,
  version: Version,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ArchivedWrite<State> | null> {
  const replay = await followingWrite(() => readReplayStates(ctx, gameId, { signal, transaction }));
  if (replay === null || replay.finalState === null) return null;
  return { version, finalState: replay.finalState, replay };
}
