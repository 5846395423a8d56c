import type { JsonValue, Viewer } from "@turnkeep/core";
import type { GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import { readReplayStates } from "../archive/read-replay.js";
import type { Base, Context, StoreOptions } from "../context.js";
import { checkPage, checkPlayer } from "../validate.js";
import type { ActiveGameRecord } from "./persist.js";

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
