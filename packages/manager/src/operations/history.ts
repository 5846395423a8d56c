import { type JsonValue, TurnkeepError, type Viewer } from "@turnkeep/core";
import type { GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import { readReplayStates } from "../archive/read-replay.js";
import type { Base, Context, StoreOptions } from "../context.js";
import { statusError } from "../errors.js";
import { loadGame } from "../load/load-game.js";
import { checkPage, checkPlayer } from "../validate.js";
import type { ActiveGameRecord } from "./save.js";

/** A finished game, as one viewer may see it. */
export interface Replay {
  readonly record: GameHistoryRecord;
  readonly initialView: unknown;
  readonly finalView: unknown;
  /** The log, for viewers who may see it: participants of the finished game. `null` for others. */
  readonly log: readonly JsonValue[] | null;
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
export async function getReplay<State extends object>(
  ctx: Context<State>,
  gameId: string,
  viewer: Viewer,
  options: StoreOptions<unknown>,
): Promise<Replay | null> {
  const replay = await readReplayStates(ctx, gameId, options);
  if (replay === null) return null;
  const { record, initialState, finalState, log, rules } = replay;
  const players = finalState === null ? [] : ctx.game.playersOf(finalState);
  const took = viewer !== "spectator" && [...record.playerIds, ...players].includes(viewer.playerId);
  const view = (state: State | null) => (state === null ? null : ctx.game.viewFor(state, viewer));
  return { record, initialView: view(initialState), finalView: view(finalState), log: took ? log : null, rules };
}

const pageEntries = 1_000;

/**
 * The log from entry `from` on: what the store has, then the tail that only the cache has yet. A finished game's log
 * comes from history. Inside a transaction only the store is read.
 * @throws GameNotFound, GameGone, GameQuarantined
 */
export async function getLog<State extends object>(
  ctx: Context<State>,
  gameId: string,
  from: number,
  options: StoreOptions<unknown>,
): Promise<readonly JsonValue[]> {
  if (options.transaction !== undefined) return storedLog(ctx, gameId, from, Number.MAX_SAFE_INTEGER, options);
  const loaded = await loadGame(ctx, gameId, { signal: options.signal, keep: false });
  const copy = loaded.kind === "none" ? null : await ctx.cache.claimGame(gameId, {}, { signal: options.signal });
  if (copy === null) {
    const replay = await readReplayStates(ctx, gameId, options);
    if (replay !== null) return replay.log.slice(from - 1);
    if (loaded.kind === "none") throw statusError(gameId, loaded.status);
    return storedLog(ctx, gameId, from, Number.MAX_SAFE_INTEGER, options);
  }
  const tailFrom = copy.logCount - copy.entries.length + 1;
  const stored = await storedLog(ctx, gameId, from, tailFrom - 1, options);
  const tail = copy.entries.slice(Math.max(0, from - tailFrom)).map((entry) => ctx.codec.decodeEntry(entry));
  return [...stored, ...tail];
}

async function storedLog<State extends object>(
  ctx: Context<State>,
  gameId: string,
  from: number,
  to: number,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<JsonValue[]> {
  const log: JsonValue[] = [];
  let next = from;
  while (next <= to) {
    const limit = Math.min(pageEntries, to - next + 1);
    const page = await ctx.store.readLog(gameId, { from: next, limit }, { signal, transaction });
    for (const { seq, entry } of page) {
      if (seq !== next) {
        throw new TurnkeepError("InvalidState", "the stored log has a gap", { reason: "schema", path: "$.log" });
      }
      log.push(ctx.codec.decodeEntry(entry));
      next += 1;
    }
    if (page.length < limit) break;
  }
  return log;
}
