import { isTurnkeepError, lineageOf } from "@turnkeep/core";
import type { ActiveGame, CreateReply, ReadReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { invalidInput, notPlayable } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import type { CreateFacts, LoadedGame, StoreOptions } from "../types.js";
import { dueAtOf } from "../validate.js";
import { factsOf } from "../write/create-facts.js";
import { findPastWrite, toPastGame } from "../write/past-write.js";
import { toLoaded } from "./load.js";

export interface NewGameOptions extends StoreOptions<unknown>, Partial<CreateFacts> {
  readonly writeId?: string | undefined;
}

/**
 * Creates a game, durable at once. An id that is in use already gives the game as it is, whatever state is passed: a
 * creation that is retried is one creation. After the end it is recognised by its write id, and gives the game as it
 * ended.
 * @throws GameEnded, GameGone, GameQuarantined where the id is used up; StoreUnavailable while the store is away
 */
export async function createGame<State extends object>(
  ctx: Context<State>,
  state: State,
  options: NewGameOptions,
): Promise<LoadedGame<State>> {
  const created = await insertGame(ctx, state, options);
  if (created.kind === "created") return created.loaded;
  const gameId = ctx.game.idOf(state);
  if (created.status !== "live" && created.status !== "ended") {
    const past = created.status === "archived" && (await findPastWrite(ctx, gameId, options.writeId, options));
    if (past) return toPastGame(past);
    throw notPlayable(gameId, created.status);
  }
  if (options.transaction !== undefined) {
    const reply = await ctx.store.read(gameId, options);
    if (reply.kind !== "row") throw notPlayable(gameId, reply.kind === "none" ? reply.status : "quarantined");
    const { version, status } = reply.game;
    return { state: ctx.codec.decodeState(reply.game.state), version, status, stale: false };
  }
  const loaded = await loadGame(ctx, gameId, options);
  if (loaded.kind === "none") throw notPlayable(gameId, loaded.status);
  return toLoaded(loaded.game);
}

type Inserted<State> =
  | { readonly kind: "created"; readonly loaded: LoadedGame<State>; readonly row: ActiveGame }
  | Extract<CreateReply, { kind: "exists" }>;

/**
 * Inserts a game's row and brings it into the cache; or tells what became of the game that has the id.
 * In a caller's transaction the cache is left alone: the next load fills it.
 */
export async function insertGame<State extends object>(
  ctx: Context<State>,
  state: State,
  options: NewGameOptions,
): Promise<Inserted<State>> {
  const gameId = ctx.game.idOf(state);
  if (ctx.game.resultOf(state) !== null) throw invalidInput("state: the game is over already");
  const { signal, transaction } = options;
  await ctx.backlog.admitNewGame(signal);
  const facts = factsOf(ctx, state, options);
  const { text, bytes } = ctx.codec.encodeState(state);
  const token = ctx.runtime.randomId();
  const before = transaction === undefined ? await beginInstall(ctx, gameId, token, signal) : null;
  const reply = await ctx.store.create(
    {
      ...facts,
      gameId,
      state: text,
      schemaVersion: ctx.game.schemaVersion,
      turnNumber: ctx.game.turnOf(state),
      dueAt: dueAtOf(ctx, state),
      writeId: options.writeId ?? `create_${ctx.runtime.randomId()}`,
    },
    { signal, transaction },
  );
  if (reply.kind === "exists") return reply;
  const row = reply.game;
  const report = async () => {
    ctx.events.emit("state:created", { gameId, version: row.version });
    ctx.log.info({ gameId, gameType: row.gameType }, "created");
  };
  const loaded: LoadedGame<State> = { state, version: row.version, status: "live", stale: false };
  if (transaction !== undefined) {
    ctx.transactions.wrote(transaction, gameId, row.version);
    ctx.store.afterCommit(transaction, report);
    return { kind: "created", loaded, row };
  }
  await report();
  if (before === null) return { kind: "created", loaded, row };
  const version = await install(ctx, token, row, before);
  if (version === null) return { kind: "created", loaded, row };
  ctx.localCopies.put(gameId, { state, version, status: "live", rowVersion: row.version }, bytes);
  return { kind: "created", loaded: { ...loaded, version }, row };
}

/** Draws the right to install; `null` while the cache is away: creation needs the store alone. */
async function beginInstall<State extends object>(
  ctx: Context<State>,
  gameId: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<ReadReply | null> {
  try {
    return await ctx.cache.read(gameId, { token }, { signal });
  } catch (error) {
    if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    ctx.events.emit("cache:unavailable", { error });
    return null;
  }
}

/** The version under which the new game is served; `null` where the next load has to bring it in. */
async function install<State extends object>(
  ctx: Context<State>,
  token: string,
  row: ActiveGame,
  before: ReadReply,
): Promise<ActiveGame["version"] | null> {
  try {
    if (before.kind === "hit") {
      // A copy without a row had the id before; the row that exists now is the game.
      await ctx.cache.reset(row.gameId, lineageOf(before.copy.version), row);
      return null;
    }
    const installed = await ctx.cache.install(row.gameId, token, row);
    return installed.kind === "ok" && !installed.keptUnverified ? installed.version : null;
  } catch (error) {
    if (!isTurnkeepError(error)) throw error;
    ctx.log.debug({ gameId: row.gameId, err: error }, "a new game could not be cached");
    return null;
  }
}
