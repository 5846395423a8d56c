import {
  type GameType,
  isNpc,
  isTurnkeepError,
  type JsonValue,
  lineageOf,
  npcIdOf,
  type PlayerId,
  type Version,
  type WriteId,
} from "@turnkeep/core";
import type { ActiveGame, CreateReply, GameFacts, ReadReply } from "@turnkeep/core/ports";
import type { Context, StoreOptions } from "../context.js";
import { invalidInput, statusError } from "../errors.js";
import { encodeMetadata, readDocument, toLocalCopy } from "../load/decode.js";
import { type LoadedGame, loadGame, toLoaded } from "../load/load-game.js";
import { findArchivedWrite } from "../write/idempotency.js";

/** What the record says of a game; never changed by an update. */
export interface CreateFacts {
  readonly gameType: GameType;
  /** Default: the humans among the state's players. */
  readonly playerIds?: readonly PlayerId[] | undefined;
  /** Default: the NPC among them. */
  readonly npcId?: string | null | undefined;
  /** Overrides the state's rules in the record, also when it is `{}`. */
  readonly rulesConfig?: JsonValue | undefined;
}

export interface CreateGameOptions<Tx> extends StoreOptions<Tx>, CreateFacts {
  /** What stands beside the state, such as names and seats; at most 16 KiB as JSON. */
  readonly metadata?: JsonValue | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

/** A creation that leaves to the state what the record says. */
interface NewGameOptions extends StoreOptions<unknown>, Partial<CreateFacts> {
  readonly metadata?: JsonValue | undefined;
  readonly writeId?: string | undefined;
}

/**
 * Creates a game, durable at once. An id that is in use already gives the game as it is, whatever state is passed: a
 * creation that is retried is one creation. After the end it is recognised by its write id, and gives the game as it
 * ended.
 * @throws GameEnded, GameGone, GameQuarantined if the id is used up; StoreUnavailable while the store is away
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
    const archived = created.status === "archived" && (await findArchivedWrite(ctx, gameId, options.writeId, options));
    if (archived) {
      const { finalState, version, replay } = archived;
      return {
        state: finalState,
        version,
        status: "ended",
        rulesVersion: replay.record.rulesVersion,
        metadata: replay.metadata,
        metadataVersion: "0",
        stale: false,
      };
    }
    throw statusError(gameId, created.status);
  }
  if (options.transaction !== undefined) {
    const reply = await ctx.store.read(gameId, options);
    if (reply.kind !== "row") throw statusError(gameId, reply.kind === "none" ? reply.status : "quarantined");
    const { game } = reply;
    const decoded = readDocument(ctx, gameId, () => ctx.codec.decodeState(game.state));
    return { ...toLocalCopy(ctx, decoded, game), stale: false };
  }
  const loaded = await loadGame(ctx, gameId, options);
  if (loaded.kind === "none") throw statusError(gameId, loaded.status);
  return toLoaded(loaded.game);
}

type Inserted<State> =
  | { readonly kind: "created"; readonly loaded: LoadedGame<State>; readonly row: ActiveGame }
  | Extract<CreateReply, { kind: "exists" }>;

/**
 * Inserts a game's row and installs it in the cache; or says what became of the game that has the id.
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
  const metadata = options.metadata === undefined ? null : encodeMetadata(ctx, options.metadata);
  const { text, bytes } = ctx.codec.encodeState(state, state);
  const token = ctx.runtime.randomId();
  const before = transaction === undefined ? await beginInstall(ctx, gameId, token, signal) : null;
  const reply = await ctx.store.create(
    {
      ...facts,
      gameId,
      metadata,
      state: text,
      schemaVersion: ctx.game.schemaVersion,
      turnNumber: ctx.game.turnOf(state),
      dueAt: ctx.game.dueAt(state),
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
  const made = toLocalCopy(ctx, state, row);
  const loaded: LoadedGame<State> = { ...made, stale: false };
  if (transaction !== undefined) {
    ctx.transactions.note(transaction, gameId, row.version);
    ctx.store.afterCommit(transaction, report);
    return { kind: "created", loaded, row };
  }
  await report();
  if (before === null) return { kind: "created", loaded, row };
  const version = await install(ctx, token, row, before);
  if (version === null) return { kind: "created", loaded, row };
  ctx.localCopies.put(gameId, { ...made, version, rowVersion: row.version, passed: true }, bytes);
  return { kind: "created", loaded: { ...loaded, version }, row };
}

/** Draws the right to install; `null` while the cache is away: a creation needs only the store. */
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

/** The version under which the new game is served; `null` if the next load has to install it. */
async function install<State extends object>(
  ctx: Context<State>,
  token: string,
  row: ActiveGame,
  before: ReadReply,
): Promise<Version | null> {
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

/** What the record says of a new game: as given, else as the state has it. Given rules count also when they are `{}`. */
export function factsOf<State extends object>(
  ctx: Context<State>,
  state: State,
  { gameType = "campaign", playerIds, npcId, rulesConfig }: Partial<CreateFacts>,
): GameFacts {
  const players = ctx.game.playersOf(state);
  const rules = rulesConfig !== undefined ? rulesConfig : (ctx.game.rulesOf(state) as JsonValue);
  return {
    gameType,
    playerIds: playerIds ?? players.filter((id) => !isNpc(id)),
    npcId: npcId !== undefined ? npcId : npcIdOf(players.find(isNpc) ?? ""),
    rules: ctx.codec.encodeEntry(rules ?? {}),
    rulesVersion: ctx.game.rulesVersion,
  };
}
