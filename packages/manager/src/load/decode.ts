import { isTurnkeepError, TurnkeepError } from "@turnkeep/core";
import type { ActiveGame, CachedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { gameOrphaned, gameQuarantined } from "../errors.js";
import { evict, quarantine, reportOrphan } from "./evict.js";

/**
 * Decodes a row that is about to be installed, with every check.
 * @throws GameQuarantined once an unreadable game is quarantined; UnsupportedSchema, StateTooLarge as they are: the
 * document may be sound, and this process too old or too strict for it
 */
export async function decodeRow<State extends object>(ctx: Context<State>, row: ActiveGame): Promise<State> {
  try {
    return sameGame(ctx, row.gameId, ctx.codec.decodeState(row.state));
  } catch (error) {
    if (!isTurnkeepError(error, "InvalidState")) throw error;
    return quarantineUnreadable(ctx, row.gameId, row.state, error);
  }
}

/**
 * Decodes a cached copy, which this system wrote; `null` where the caller should read again: the copy could not be
 * read, but it was clean, so that the store has the same version, or another one has taken its place.
 * @throws GameQuarantined once a game is quarantined whose newest version is unreadable and nowhere else
 */
export async function decodeCached<State extends object>(ctx: Context<State>, copy: CachedCopy): Promise<State | null> {
  try {
    return sameGame(ctx, copy.gameId, ctx.codec.decodeTrusted(copy.state));
  } catch (error) {
    if (!isTurnkeepError(error, "InvalidState")) throw error;
    ctx.localCopies.drop(copy.gameId);
    if ((await ctx.cache.evict(copy.gameId, copy.version)) !== "newer") {
      ctx.log.warn({ gameId: copy.gameId, err: error }, "an unreadable cached copy was dropped; the store has it");
      return null;
    }
    const now = await ctx.cache.read(copy.gameId);
    if (now.kind !== "hit" || now.copy.version !== copy.version) return null;
    return quarantineUnreadable(ctx, copy.gameId, copy.state, error);
  }
}

/** A document under another game's id is as unreadable as one that is not JSON. */
function sameGame<State extends object>(ctx: Context<State>, gameId: string, state: State): State {
  let found: unknown;
  try {
    found = ctx.game.idOf(state);
  } catch {
    found = undefined;
  }
  if (found === gameId) return state;
  throw new TurnkeepError("InvalidState", "the document does not carry its game's id", {
    reason: "schema",
    path: "$",
  });
}

async function quarantineUnreadable<State extends object>(
  ctx: Context<State>,
  gameId: string,
  text: string,
  cause: TurnkeepError<"InvalidState">,
): Promise<never> {
  const reason = `${cause.details.reason} at ${cause.details.path}`;
  if (!(await quarantine(ctx, gameId, reason, text))) {
    if ((await ctx.store.status(gameId)) === "missing") {
      reportOrphan(ctx, gameId);
      throw gameOrphaned(gameId);
    }
    await evict(ctx, gameId);
  }
  throw gameQuarantined(gameId, reason);
}
