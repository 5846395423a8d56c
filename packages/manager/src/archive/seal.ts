import type { Outcome, Version } from "@turnkeep/core";
import type { UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { cacheContended } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import { backOff } from "../util/abort.js";

export interface SealWish {
  /** `null`: seal nothing, only take over what is sealed. */
  readonly outcome: Outcome | null;
  /** Seal only this version. */
  readonly onlyVersion?: Version | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The game is sealed by this call; whatever fails from now on, it stays so. */
  readonly onSealed?: (() => void) | undefined;
}

/** `live`: it is not sealed, and was not to be, or has another version than the one asked for. */
export type SealResult =
  | { readonly kind: "sealed"; readonly copy: UnflushedCopy }
  | { readonly kind: "live" }
  | { readonly kind: "none"; readonly status: "archived" | "deleted" | "missing" };

const attempts = 30;

/**
 * The sealed copy of a game: sealed now with this outcome over the newest state, or taken over as somebody else
 * sealed it. The state's text stays as it is, byte for byte.
 * @throws GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable
 */
export async function sealGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  wish: SealWish,
): Promise<SealResult> {
  const { signal } = wish;
  const writeId = `seal_${ctx.runtime.randomId()}`;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const copy = await ctx.cache.claimGame(gameId, {}, { signal });
    if (copy === null) {
      const loaded = await loadGame(ctx, gameId, { signal, keep: false });
      if (loaded.kind === "none") return loaded;
      continue;
    }
    if (copy.status === "ended") return { kind: "sealed", copy };
    const { outcome, onlyVersion } = wish;
    if (outcome === null || (onlyVersion !== undefined && onlyVersion !== copy.version)) return { kind: "live" };
    const sealed = await seal(ctx, copy, outcome, writeId, signal);
    if (sealed) wish.onSealed?.();
    else await backOff(attempt, signal);
  }
  throw cacheContended(gameId);
}

async function seal<State extends object>(
  ctx: Context<State>,
  copy: UnflushedCopy,
  outcome: Outcome,
  writeId: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { gameId, version, state, turnNumber, schemaVersion } = copy;
  const reply = await ctx.cache.seal(
    gameId,
    {
      expected: version,
      writeId,
      state,
      entries: [],
      turnNumber,
      dueAt: null,
      schemaVersion,
      outcome,
      flushWithinMs: ctx.settings.flushWithinMs,
      maxDirtyGames: 0,
    },
    { signal },
  );
  if (reply.kind !== "ok") return false;
  ctx.localCopies.drop(gameId);
  ctx.unflushed.add(gameId);
  ctx.events.emit("state:ended", { gameId, version: reply.version });
  return true;
}
