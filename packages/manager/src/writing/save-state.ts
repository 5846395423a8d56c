import type { Version } from "@turnkeep/game-state/core";
import { throwIfAborted } from "../calls/abort.js";
import { cacheUnsettled, notPlayable, revisionConflict } from "../calls/failures.js";
import type { Context } from "../context.js";
import { loadGame } from "../loading/load-game.js";
import type { NextState } from "./reduce.js";
import { refusal, writeNext } from "./write-next.js";

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
    if (loaded.kind === "none") {
      // Over by now, but history may have this very write.
      const made = loaded.status === "archived" ? await ctx.store.recall(gameId, writeId, { signal }) : null;
      if (made !== null) return made;
      throw notPlayable(gameId, loaded.status);
    }
    const { version, rowVersion } = loaded.game;
    if (base === undefined) throw revisionConflict(gameId, null, version);
    // The very version that the caller holds, come back from the store under a new name.
    if (rowVersion === base) base = version;
  }
  throw cacheUnsettled(gameId);
}
