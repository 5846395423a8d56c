import { isTurnkeepError } from "@turnkeep/core";
import type { CallOptions, Context, StoreOptions } from "../context.js";
import { gameQuarantined } from "../errors.js";
import { decodeCached, readDocument, toLocalCopy } from "../load/decode.js";
import { type LoadedGame, loadGame, toLoaded } from "../load/load-game.js";

/**
 * The game from the cache, or from the store with the cache filled again; `null` for games that are archived, deleted
 * or unknown. While the cache is away the store's row answers, marked `stale`. Inside a transaction the cache is
 * read, or the row of a game that it has changed, and nothing is fenced or installed.
 */
export async function loadState<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: StoreOptions<unknown>,
): Promise<LoadedGame<State> | null> {
  try {
    if (options.transaction !== undefined) {
      const isChanged = (await ctx.transactions.find(gameId, options)) !== undefined;
      const cached = isChanged ? null : await loadFromCache(ctx, gameId, options);
      return cached ?? (await readRow(ctx, gameId, options, false));
    }
    const loaded = await loadGame(ctx, gameId, options);
    return loaded.kind === "none" ? null : toLoaded(loaded.game);
  } catch (error) {
    if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    ctx.events.emit("cache:unavailable", { error });
    return readRow(ctx, gameId, options, true);
  }
}

/** The served copy; `null` if there is none, or one that has to be compared with the store first. */
export async function loadFromCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal }: CallOptions,
): Promise<LoadedGame<State> | null> {
  const held = ctx.localCopies.get(gameId);
  const known = ctx.localCopies.versionOf(gameId);
  const reply = await ctx.cache.read(
    gameId,
    { known: held?.version, knownMetadata: held?.metadataVersion },
    { signal },
  );
  if (reply.kind === "same" && held !== undefined) return toLoaded(held);
  if (reply.kind !== "hit") return null;
  const state = await decodeCached(ctx, reply.copy);
  if (state === null) return null;
  const game = toLocalCopy(ctx, state, reply.copy);
  ctx.localCopies.put(gameId, game, reply.copy.state.length, known);
  return toLoaded(game);
}

/** The store's row as it is; the cache is not read and may hold something newer. */
export async function loadFromDb<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: StoreOptions<unknown>,
): Promise<LoadedGame<State> | null> {
  const row = await readRow(ctx, gameId, options, true);
  if (row !== null) ctx.localCopies.note(gameId, row.version);
  return row;
}

async function readRow<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction }: StoreOptions<unknown>,
  stale: boolean,
): Promise<LoadedGame<State> | null> {
  const read = () => ctx.store.read(gameId, { signal, transaction });
  const reply = await (transaction === undefined ? ctx.loads.admit(read, signal) : read());
  if (reply.kind === "quarantined") throw gameQuarantined(gameId, reply.reason);
  if (reply.kind === "none") return null;
  const { game } = reply;
  const state = readDocument(ctx, gameId, () => ctx.codec.decodeState(game.state));
  return { ...toLocalCopy(ctx, state, game), stale };
}
