import type { Version } from "@turnkeep/core";
import type { WriteReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { gameEnded, gameGone } from "../errors.js";
import type { Durability } from "../types.js";
import type { NextState } from "./reduce.js";

/** One compare-and-set of a game in the cache; where the game is over with the new state, the same step seals it. */
export async function writeNext<State extends object>(
  ctx: Context<State>,
  gameId: string,
  expected: Version,
  writeId: string,
  next: NextState<State>,
  signal: AbortSignal | undefined,
): Promise<WriteReply> {
  const { text, entries, turnNumber, dueAt, outcome } = next;
  const request = {
    expected,
    writeId,
    state: text,
    entries,
    turnNumber,
    dueAt,
    schemaVersion: ctx.game.schemaVersion,
    flushWithinMs: ctx.settings.flushWithinMs,
    maxDirtyGames: ctx.settings.maxDirtyGames,
  };
  const reply =
    outcome === null
      ? await ctx.cache.write(gameId, request, { signal })
      : await ctx.cache.seal(gameId, { ...request, outcome }, { signal });
  if (reply.kind === "ok") {
    const status = outcome === null ? "live" : "ended";
    ctx.localCopies.put(gameId, { state: next.state, version: reply.version, status }, next.bytes);
    ctx.unflushed.add(gameId);
    if (outcome !== null) ctx.events.emit("state:ended", { gameId, version: reply.version });
  }
  return reply;
}

/** Tells of a write that left its game live, once its level was reached; an end is told as such. */
export function reportUpdate<State extends object>(
  ctx: Context<State>,
  gameId: string,
  version: Version,
  durability: Durability,
): void {
  ctx.events.emit("state:updated", { gameId, version, durability });
  ctx.log.debug({ gameId, version, durability }, "updated");
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
