import type { GameAnswer, GameResult, NewsAnswer, ReplayAnswer, ReplaySteps, StepQuery } from "@turnkeep/api/schemas";
import { assertGameId, isTurnkeepError, type JsonValue, type Version } from "@turnkeep/core";
import type { GameStateManager } from "@turnkeep/manager";
import { gameNotFound } from "../refusals.js";
import type { ShownGame } from "../served/served-game.js";
import { type FinishedGame, viewWrites } from "./finished-game.js";
import { FinishedGames } from "./finished-games.js";
import { mostNews } from "./news-since.js";
import { ReplayPlayer } from "./replay-steps.js";

/** What history has of games that are over, as far as a viewer may see it. */
export class PastGames<State extends object> {
  readonly #served: ShownGame<State>;
  readonly #manager: Pick<GameStateManager<State>, "getReplayStates" | "serviceTime">;
  readonly #finished: FinishedGames<State>;
  readonly #replays: ReplayPlayer<State>;

  constructor(served: ShownGame<State>, manager: Pick<GameStateManager<State>, "getReplayStates" | "serviceTime">) {
    this.#served = served;
    this.#manager = manager;
    this.#finished = new FinishedGames(served, manager);
    this.#replays = new ReplayPlayer(served);
  }

  async find(gameId: string): Promise<FinishedGame<State> | null> {
    return this.#finished.find(assertGameId(gameId));
  }

  /** What was done is done: whether its result can be read now or not. */
  async resultIfKnown(gameId: string): Promise<GameResult | null> {
    try {
      return (await this.find(gameId))?.result ?? null;
    } catch (error) {
      if (isTurnkeepError(error)) return null;
      throw error;
    }
  }

  answer(gameId: string, finished: FinishedGame<State>, viewerId: string | null): GameAnswer {
    return {
      gameId,
      version: null,
      status: "archived",
      stale: false,
      serviceTime: this.#manager.serviceTime(),
      view: finished.view(finished.stored.finalState, viewerId),
      result: finished.result,
    };
  }

  /** @throws GameNotFound */
  async view(gameId: string, viewerId: string | null): Promise<GameAnswer> {
    return this.answer(gameId, await this.#get(gameId), viewerId);
  }

  /** @throws GameNotFound */
  async since(gameId: string, viewerId: string | null, version: Version): Promise<NewsAnswer> {
    const finished = await this.#get(gameId);
    const { lines, exact } = newestOf(finished.stored.log, version);
    const writes = viewWrites(this.#served, lines, finished.onlooker(viewerId));
    return { ...this.answer(gameId, finished, viewerId), writes, exact };
  }

  /** @throws GameNotFound */
  async replay(gameId: string, viewerId: string | null): Promise<ReplayAnswer> {
    const finished = await this.#get(gameId);
    const { record, initialState, finalState, rules } = finished.stored;
    return {
      record,
      result: finished.result,
      initialView: finished.view(initialState, viewerId),
      finalView: finished.view(finalState, viewerId),
      log: finished.log(viewerId),
      rules,
    };
  }

  /** @throws GameNotFound */
  async steps(gameId: string, viewerId: string | null, query: StepQuery): Promise<ReplaySteps> {
    return this.#replays.page(gameId, await this.#get(gameId), viewerId, query);
  }

  async #get(gameId: string): Promise<FinishedGame<State>> {
    const finished = await this.find(gameId);
    if (finished === null) throw gameNotFound(gameId);
    return finished;
  }
}

/** Lines of a finished game's log since a version, the newest; line n made revision n + 1. */
function newestOf(log: readonly JsonValue[], since: Version): { lines: readonly JsonValue[]; exact: boolean } {
  const seen = Number(since.split(".")[1]);
  const newest = log.length + 1;
  const from = Math.max(seen, newest - mostNews, 1);
  return { lines: log.slice(from - 1), exact: from === seen && seen <= newest };
}
