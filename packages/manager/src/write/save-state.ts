import type { Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import { cacheContended, notPlayable, revisionConflict } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import { throwIfAborted } from "../util/abort.js";
import { refusal, writeNext } from "./compare-and-set.js";
import { appliedBefore } from "./idempotency.js";
import type { NextState } from "./reduce.js";

export interface SaveRequest<State> {
  readonly next: NextState<State>;
  /** The version that the state was made from; none is a conflict with whatever is there. */
  readonly expected: Version | undefined;
  readonly writeId: string;
  readonly signal: AbortSignal | undefined;
}

const reloads = 10;

/**
 * Writes a whole state over the version that it was made from, and over no other; the version that it made, also when
 * this write id did so before.
 * @throws GameNotFound, GameEnded, GameGone, RevisionConflict, Backpressure, CacheUnavailable, StoreUnavailable
 */
export async function saveState<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { next, expected, writeId, signal }: SaveRequest<State>,
): Promise<Version> {
  let base = expected;
  for (let loss = 0; loss <= reloads; loss++) {
    throwIfAborted(signal);
    if (base !== undefined) {
      const reply = await writeNext(ctx, gameId, base, writeId, next, signal);
      if (reply.kind === "ok") return reply.version;
      if (reply.kind === "duplicate") return reply.madeVersion;
      if (reply.kind === "conflict") throw revisionConflict(gameId, base, reply.version);
      if (reply.kind === "ended" || reply.kind === "backpressure") throw await refusal(ctx, gameId, reply.kind);
    }
    const loaded = await loadGame(ctx, gameId, { signal, keep: false });
    if (loaded.kind === "none" || base === undefined) {
      // Over by now, or never held by this process; but this very write may be what made it so.
      const made = await appliedBefore(ctx, gameId, writeId, signal);
      if (made !== null) return made;
      throw loaded.kind === "none"
        ? notPlayable(gameId, loaded.status)
        : revisionConflict(gameId, null, loaded.game.version);
    }
    const { version, rowVersion } = loaded.game;
    // The very version that the caller holds, come back from the store under a new name.
    if (rowVersion === base) base = version;
  }
  throw cacheContended(gameId);
}
