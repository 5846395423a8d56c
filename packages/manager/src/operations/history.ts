import { type JsonValue, TurnkeepError, type Viewer } from "@turnkeep/core";
import type { EntryText, GameFilter, GameHistoryRecord, ListedGame, Page, PageRequest } from "@turnkeep/core/ports";
import type { Base, Context, StoreOptions } from "../context.js";
import { statusError } from "../errors.js";
import { readDocument, readReplayStates } from "../load/decode.js";
import { loadGame } from "../load/load-game.js";
import { retryUntil } from "../util/retry.js";
import { checkFilter, checkPage, checkPlayer } from "../validate.js";
import type { ActiveGameRecord } from "./save.js";

/** A finished game, as one viewer may see it. */
export interface Replay<View = unknown, Entry = JsonValue> {
  readonly record: GameHistoryRecord;
  readonly initialView: View | null;
  readonly finalView: View | null;
  /** The log, for viewers who may see it: participants of the finished game. `null` for others. */
  readonly log: readonly Entry[] | null;
  readonly rules: JsonValue;
}

/** A player's live and ended games, newest first. @throws InvalidInput, StoreUnavailable */
export async function getPlayerActiveGames(
  { store }: Base,
  playerId: string,
  page: PageRequest,
  options: StoreOptions<unknown>,
): Promise<Page<ActiveGameRecord>> {
  checkPlayer(playerId);
  checkPage(page);
  return store.listActive(playerId, page, options);
}

/** All games that pass, live and finished, in pages by id. @throws InvalidInput, StoreUnavailable */
export async function listGames(
  { store }: Base,
  filter: GameFilter,
  page: PageRequest,
  options: StoreOptions<unknown>,
): Promise<Page<ListedGame>> {
  checkFilter(filter);
  checkPage(page);
  return store.listGames(filter, page, options);
}

/** A player's finished games, newest first. @throws InvalidInput, StoreUnavailable */
export async function getPlayerHistory(
  { store }: Base,
  playerId: string,
  page: PageRequest,
  options: StoreOptions<unknown>,
): Promise<Page<GameHistoryRecord>> {
  checkPlayer(playerId);
  checkPage(page);
  return store.listHistory(playerId, page, options);
}

/**
 * A finished game as the viewer may see it: the first and the last state as the game shows them to this viewer, and
 * the log for participants alone. `null` if history has no such game.
 */
export async function getReplay<State extends object, View, Entry>(
  ctx: Context<State, View, Entry>,
  gameId: string,
  viewer: Viewer,
  options: StoreOptions<unknown>,
): Promise<Replay<View, Entry> | null> {
  const replay = await readReplayStates(ctx, gameId, options);
  if (replay === null) return null;
  const { record, initialState, finalState, log, rules } = replay;
  const players = finalState === null ? [] : ctx.game.playersOf(finalState);
  const took = viewer !== "spectator" && [...record.playerIds, ...players].includes(viewer.playerId);
  const view = (state: State | null) => (state === null ? null : ctx.game.viewFor(state, viewer));
  return { record, initialView: view(initialState), finalView: view(finalState), log: took ? log : null, rules };
}

/**
 * The state that a game began with, live or finished; `null` if there is no such game, or history lacks it.
 * @throws StoreUnavailable, InvalidState, UnsupportedSchema
 */
export async function getInitialState<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: StoreOptions<unknown>,
): Promise<State | null> {
  const [first] = await ctx.store.readLog(gameId, { from: 0, limit: 1 }, options);
  if (first?.seq === 0) return readDocument(ctx, gameId, () => ctx.codec.decodeState(first.entry));
  return (await readReplayStates(ctx, gameId, options))?.initialState ?? null;
}

const pageEntries = 1_000;

/**
 * The log from entry `from` on: what the store has, then the tail that only the cache has yet. A finished game's log
 * comes from history. Inside a transaction only the store is read.
 * @throws InvalidState if entries are missing, as after a restore of the store; GameNotFound, GameGone, GameQuarantined
 */
export async function getLog<State extends object, Entry>(
  ctx: Context<State, unknown, Entry>,
  gameId: string,
  from: number,
  options: StoreOptions<unknown>,
): Promise<readonly Entry[]> {
  const { signal, transaction } = options;
  const decode = (entry: EntryText) => ctx.codec.decodeEntry(entry) as Entry;
  return retryUntil<readonly Entry[]>({ runtime: ctx.runtime, gameId, signal }, async () => {
    const copy = transaction === undefined ? await servedCopy(ctx, gameId, signal) : null;
    if (copy !== null) {
      const tailFrom = copy.logCount - copy.entries.length + 1;
      const stored = await storedLog(ctx, gameId, from, tailFrom - 1, options);
      const tail = copy.entries.slice(Math.max(0, from - tailFrom));
      return stored === "again" ? stored : [...stored, ...tail].map(decode);
    }
    const row = await ctx.store.read(gameId, options);
    if (row.kind === "row") {
      const stored = await storedLog(ctx, gameId, from, row.game.logCount, options);
      return stored === "again" ? stored : stored.map(decode);
    }
    const replay = await readReplayStates(ctx, gameId, options);
    if (replay === null) throw statusError(gameId, row.kind === "none" ? row.status : "quarantined");
    if (replay.record.incomplete) throw logGap();
    return replay.log.slice(from - 1);
  });
}

async function servedCopy<State extends object>(ctx: Context<State>, gameId: string, signal: AbortSignal | undefined) {
  const loaded = await loadGame(ctx, gameId, { signal, keep: false });
  return loaded.kind === "none" ? null : ctx.cache.claimGame(gameId, {}, { signal });
}

/** These entries; `again` if the game has left the store's active games meanwhile. @throws InvalidState if one is missing */
async function storedLog<State extends object>(
  { store }: Context<State>,
  gameId: string,
  from: number,
  to: number,
  options: StoreOptions<unknown>,
): Promise<EntryText[] | "again"> {
  const log: EntryText[] = [];
  while (from + log.length <= to) {
    const next = from + log.length;
    const limit = Math.min(pageEntries, to - next + 1);
    const page = await store.readLog(gameId, { from: next, limit }, options);
    if (page.length < limit || page.some(({ seq }, n) => seq !== next + n)) {
      const status = await store.status(gameId, options);
      if (status === "live" || status === "ended" || status === "missing") throw logGap();
      return "again";
    }
    log.push(...page.map(({ entry }) => entry));
  }
  return log;
}

const logGap = () => new TurnkeepError("InvalidState", "the game's log has a gap", { reason: "schema", path: "$.log" });
