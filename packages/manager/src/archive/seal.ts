import type { Outcome, Version } from "@turnkeep/core";
import type { UnflushedCopy, WriteReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { assertRules, decodeCached } from "../load/decode.js";
import { loadGame } from "../load/load-game.js";
import { retryUntil } from "../util/retry.js";
import { checkOutcome } from "../validate.js";

export interface SealOptions {
  /** `null`: seal nothing, only find what is sealed. */
  readonly outcome: Outcome | null;
  /** Seal only this version. */
  readonly onlyVersion?: Version | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once this call has sealed the game: whatever fails from then on, it stays sealed. */
  readonly onSealed?: (() => void) | undefined;
}

/** `live`: not sealed, since no outcome was given or it has another version than the one asked for. */
export type SealResult =
  | { readonly kind: "sealed"; readonly copy: UnflushedCopy }
  | { readonly kind: "live" }
  | { readonly kind: "none"; readonly status: "archived" | "deleted" | "missing" };

/**
 * The sealed copy of a game: sealed now with this outcome over the newest state, or as another call has sealed it. The
 * state's text stays as it is, byte for byte. The log's tail comes from the cache once, with the seal's answer or, where it
 * is long, after it.
 * @throws InvalidInput if the outcome names who is no player of the game; InvalidState, UnsupportedSchema,
 * UnsupportedRules, GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable
 */
export async function sealGame<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { outcome, onlyVersion, signal, onSealed }: SealOptions,
): Promise<SealResult> {
  const writeId = `seal_${ctx.runtime.randomId()}`;
  let entries = outcome === null;
  return retryUntil<SealResult>({ runtime: ctx.runtime, gameId, signal }, async () => {
    const copy = await ctx.cache.claimGame(gameId, { entries }, { signal });
    if (copy === null) {
      const loaded = await loadGame(ctx, gameId, { signal, keep: false });
      return loaded.kind === "none" ? loaded : "again";
    }
    if (copy.status === "ended") {
      if (entries) return { kind: "sealed", copy };
      entries = true;
      return "again";
    }
    if (outcome === null || (onlyVersion !== undefined && onlyVersion !== copy.version)) return { kind: "live" };
    // What this process cannot read is not its to end.
    const current = await decodeCached(ctx, copy);
    if (current === null) return "again";
    if (copy.origin) assertRules(ctx, gameId, copy.origin.rulesVersion);
    checkOutcome(ctx, outcome, current);
    const reply = await seal(ctx, copy, outcome, writeId, signal);
    if (reply.kind !== "ok") return "again";
    onSealed?.();
    if (reply.copy !== undefined) return { kind: "sealed", copy: reply.copy };
    entries = true;
    return "again";
  });
}

async function seal<State extends object>(
  ctx: Context<State>,
  copy: UnflushedCopy,
  outcome: Outcome,
  writeId: string,
  signal: AbortSignal | undefined,
): Promise<WriteReply> {
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
      forFlush: true,
    },
    { signal },
  );
  if (reply.kind !== "ok") return reply;
  ctx.localCopies.drop(gameId);
  ctx.unflushed.add(gameId);
  ctx.events.emit("state:ended", { gameId, version: reply.version });
  return reply;
}
