import type { Version } from "@turnkeep/core";
import type { WriteReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { gameEnded, gameGone, revisionConflict, statusError } from "../errors.js";
import { assertRules } from "../load/decode.js";
import { loadGame } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";
import { retryUntil } from "../util/retry.js";
import { type AppliedWrite, findApplied } from "./idempotency.js";
import type { NextState } from "./reduce.js";

/** What a write goes over, and what it leaves as it is. */
type WrittenOver<State> = Pick<LocalCopy<State>, "version" | "rulesVersion" | "metadata" | "metadataVersion">;

export function besideState<State>({
  version,
  rulesVersion,
  metadata,
  metadataVersion,
}: LocalCopy<State>): WrittenOver<State> {
  return { version, rulesVersion, metadata, metadataVersion };
}

/** One compare-and-set of a game in the cache; if the game is over with the new state, the same step seals it. */
export async function writeNext<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { version: expected, ...beside }: WrittenOver<State>,
  writeId: string,
  next: NextState<State>,
  signal: AbortSignal | undefined,
): Promise<WriteReply> {
  const admitted = await ctx.backlog.admitWrite(signal);
  const { text, entries, turnNumber, dueAt, outcome, durable } = next;
  const request = {
    expected,
    writeId,
    state: text,
    entries,
    turnNumber,
    dueAt,
    schemaVersion: ctx.game.schemaVersion,
    flushWithinMs: ctx.settings.flushWithinMs,
    maxDirtyGames: admitted ? ctx.settings.maxDirtyGames : 1,
    forFlush: durable,
  };
  const reply =
    outcome === null
      ? await ctx.cache.write(gameId, request, { signal })
      : await ctx.cache.seal(gameId, { ...request, outcome }, { signal });
  if (reply.kind === "ok") {
    const status = outcome === null ? "live" : "ended";
    const { state, passed } = next;
    ctx.localCopies.put(gameId, { state, version: reply.version, status, ...beside, passed }, next.bytes);
    if (ctx.unflushed.add(gameId)) ctx.backlog.dirtied();
    if (outcome !== null) ctx.events.emit("state:ended", { gameId, version: reply.version });
  }
  return reply;
}

/** Why the cache refused a write: the game has ended, or the bound of what may wait for the store is reached. */
export async function refusal<State extends object>(
  ctx: Context<State>,
  gameId: string,
  kind: "ended" | "backpressure",
): Promise<Error> {
  if (kind === "backpressure") return ctx.backlog.refusal("writes");
  ctx.localCopies.drop(gameId);
  // A sealed copy may be one that was deleted in the store and not evicted yet.
  const status = await ctx.store.status(gameId).catch(() => "ended");
  return status === "deleted" ? gameGone(gameId) : gameEnded(gameId);
}

export interface SaveRequest<State> {
  readonly next: NextState<State>;
  /** The version that the state was made from; none is a conflict with whatever is there. */
  readonly expected: Version | undefined;
  readonly writeId: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes a whole state over the version that it was made from, and over no other; the write with the version that it
 * made, also when this write id did so before.
 * @throws GameNotFound, GameEnded, GameGone, UnsupportedRules, RevisionConflict, Backpressure, CacheUnavailable, StoreUnavailable
 */
export async function saveState<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { next, expected, writeId, signal }: SaveRequest<State>,
): Promise<AppliedWrite> {
  let base = expected;
  let held = ctx.localCopies.get(gameId);
  return retryUntil({ runtime: ctx.runtime, gameId, signal }, async () => {
    if (base !== undefined && held !== undefined) {
      assertRules(ctx, gameId, held.rulesVersion);
      const reply = await writeNext(ctx, gameId, { ...besideState(held), version: base }, writeId, next, signal);
      if (reply.kind === "ok") return { version: reply.version, writeId, copy: reply.copy };
      if (reply.kind === "duplicate") return { version: reply.madeVersion, writeId };
      if (reply.kind === "conflict") throw revisionConflict(gameId, base, reply.version);
      if (reply.kind === "ended" || reply.kind === "backpressure") throw await refusal(ctx, gameId, reply.kind);
    }
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    if (loaded.kind === "none" || base === undefined) {
      // Over by now, or this process holds no version of it; but this very write may be why.
      const applied = await findApplied(ctx, gameId, writeId, signal);
      if (applied !== null) return { version: applied, writeId };
      throw loaded.kind === "none"
        ? statusError(gameId, loaded.status)
        : revisionConflict(gameId, null, loaded.game.version);
    }
    const { version, rowVersion } = loaded.game;
    held = loaded.game;
    // The very version that the caller holds, come back from the store under a new name.
    if (rowVersion === base) base = version;
    return "again";
  });
}
