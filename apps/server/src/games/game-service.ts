import { assertGameId, isTurnkeepError, type JsonValue, type Version, type WriteId } from "@turnkeep/game-state/core";
import type { Page } from "@turnkeep/game-state/ports";
import type { GameStateManager, LoadedGame, UpdateResult } from "@turnkeep/manager";
import { describeIssue } from "../protocol/describe-issue.js";
import type {
  ActAnswer,
  FinishedGame as FinishedRecord,
  GameAnswer,
  InviteAnswer,
  ListedGame,
  NewsAnswer,
  ReplayAnswer,
  ReplaySteps,
} from "../protocol/game-answers.js";
import type { AcceptInvite, CreateGame, CreateInvite, PageQuery, StepQuery } from "../protocol/game-requests.js";
import { GameCreation } from "./create-games.js";
import { type FinishedGame, type LoggedWrite, viewWrites } from "./finished-game.js";
import { FinishedGames } from "./finished-games.js";
import { Invites } from "./invites.js";
import { mostNews, newsSince } from "./news-since.js";
import { projectGame } from "./project-game.js";
import { forbidden, gameNotFound, invalidInput } from "./refusals.js";
import { ReplayPlayer } from "./replay-steps.js";
import type { ServedGame, ShownGame } from "./served-game.js";
import { ownWriteId } from "./write-ids.js";

/** What every write carries. */
export interface WriteOptions {
  readonly writeId: WriteId;
  /** Write over this version only. */
  readonly expectedVersion?: Version | undefined;
}

/**
 * All that players and spectators can do, whatever the transport. Only projections for one viewer leave it; a viewer
 * is a player's id, or `null` for a spectator. Errors are those of the taxonomy.
 */
export interface GameService {
  /** A game between the player and an opponent, who has a seat in it, or an NPC. The same write id is the same game. */
  create(playerId: string, request: CreateGame): Promise<GameAnswer>;
  /** Nothing is kept: the token has it all. @throws InvalidInput */
  invite(playerId: string, request: CreateInvite): Promise<InviteAnswer>;
  /** Begins the game of an invitation. @throws Forbidden for a second one, and for a token that is not valid */
  acceptInvite(playerId: string, request: AcceptInvite): Promise<GameAnswer>;
  /** Takes up the seat that an invitation gave; the player's view. @throws Forbidden for whoever has none */
  join(playerId: string, gameId: string): Promise<GameAnswer>;
  /** Also of a finished game, with its result. @throws GameNotFound */
  view(gameId: string, viewerId: string | null): Promise<GameAnswer>;
  /** The game, and what happened in it since a version. @throws GameNotFound */
  since(gameId: string, viewerId: string | null, version: Version): Promise<NewsAnswer>;
  /** @throws Forbidden, NotYourTurn, IllegalAction, RevisionConflict, GameEnded and others: then nothing changed */
  act(playerId: string, gameId: string, action: unknown, options: WriteOptions): Promise<ActAnswer>;
  concede(playerId: string, gameId: string, options: WriteOptions): Promise<ActAnswer>;
  listActive(playerId: string, page: PageQuery): Promise<Page<ListedGame>>;
  listHistory(playerId: string, page: PageQuery): Promise<Page<FinishedRecord>>;
  /** Of a finished game; the log for its players only. @throws GameNotFound */
  replay(gameId: string, viewerId: string | null): Promise<ReplayAnswer>;
  /** A page of a finished game's steps. @throws GameNotFound */
  replaySteps(gameId: string, viewerId: string | null, query: StepQuery): Promise<ReplaySteps>;
}

/** What the service needs of the manager. */
export type ServiceManager<State extends object> = Pick<
  GameStateManager<State>,
  | "createGame"
  | "loadState"
  | "update"
  | "serviceTime"
  | "getPlayerActiveGames"
  | "getPlayerHistory"
  | "getReplayStates"
  | "getLog"
>;

export interface ServiceOptions {
  /** Signs invitations; without it there are none. */
  readonly inviteKey?: Uint8Array | undefined;
  /** Games that one player may have begun and not ended; 0: no bound. */
  readonly maxOpenGames?: number;
  readonly now?: () => number;
}

export function createGameService<State extends object, Action>(
  served: ServedGame<State, Action>,
  manager: ServiceManager<State>,
  { inviteKey, maxOpenGames = 0, now = Date.now }: ServiceOptions = {},
): GameService {
  const { game, rules } = served;
  const shown: ShownGame<State> = served;
  const invites = inviteKey === undefined ? null : new Invites(inviteKey);
  const creation = new GameCreation(shown, manager, invites, { maxOpenGames, now });
  const replays = new ReplayPlayer(shown);
  const finishedGames = new FinishedGames(shown, manager);
  const isPlayer = (state: State, playerId: string) => game.playersOf(state).includes(playerId);
  const answer = (loaded: LoadedGame<State>, viewerId: string | null) =>
    projectGame(served, loaded, viewerId, manager.serviceTime());

  const findFinished = (gameId: string) => finishedGames.find(assertGameId(gameId));
  const finishedGame = async (gameId: string): Promise<FinishedGame<State>> => {
    const finished = await findFinished(gameId);
    if (finished === null) throw gameNotFound(gameId);
    return finished;
  };
  const archived = (gameId: string, finished: FinishedGame<State>, viewerId: string | null): GameAnswer => ({
    gameId,
    version: null,
    status: "archived",
    stale: false,
    serviceTime: manager.serviceTime(),
    view: finished.view(finished.stored.finalState, viewerId),
    result: finished.result,
  });
  /** What was done is done: whether the result can be read now or not. */
  const resultIfKnown = async (gameId: string) => {
    try {
      return (await findFinished(gameId))?.result ?? null;
    } catch (error) {
      if (isTurnkeepError(error)) return null;
      throw error;
    }
  };

  const service: GameService = {
    create: async (playerId, request) => answer(await creation.create(playerId, request), playerId),
    invite: (playerId, request) => creation.invite(playerId, request),
    acceptInvite: async (playerId, request) => answer(await creation.accept(playerId, request), playerId),

    async join(playerId, gameId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded === null) throw gameNotFound(gameId);
      if (!isPlayer(loaded.state, playerId)) throw forbidden("no seat of this game is yours");
      return answer(loaded, playerId);
    },

    async view(gameId, viewerId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded !== null) return answer(loaded, viewerId);
      return archived(gameId, await finishedGame(gameId), viewerId);
    },

    async since(gameId, viewerId, version) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded !== null) {
        return { ...answer(loaded, viewerId), ...(await newsSince(shown, manager, loaded, viewerId, version)) };
      }
      const finished = await finishedGame(gameId);
      const log = newestOf(finished.stored.log, version);
      const writes = viewWrites(shown, log.lines, finished.onlooker(viewerId));
      return { ...archived(gameId, finished, viewerId), writes, exact: log.exact };
    },

    async act(playerId, gameId, action, { writeId, expectedVersion }) {
      const parsed = rules.actionSchema.safeParse(action);
      if (!parsed.success) throw invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue, "action")));
      const stamps = { at: now(), serviceMs: manager.serviceTime() };
      const stamped = served.stamp(parsed.data, stamps);
      const reducer = (state: State) => {
        if (!isPlayer(state, playerId)) throw forbidden("you do not play in this game");
        const { state: next, log } = served.withNpcAnswers(rules.apply(state, playerId, stamped), stamps);
        const logged: LoggedWrite = { playerId, writeId, entries: log };
        return { state: next, log: [{ ...logged }] };
      };
      const options = { writeId: ownWriteId(playerId, writeId), expectedVersion };
      let result: UpdateResult<State>;
      try {
        result = await manager.update(assertGameId(gameId), reducer, options);
      } catch (error) {
        // The manager remembers the last writes of a game, history all of them.
        const finished = isTurnkeepError(error, "GameEnded") ? await findFinished(gameId) : null;
        if (!finished?.hasWrite(playerId, writeId)) throw error;
        return { ...archived(gameId, finished, playerId), durability: "durable", duplicate: true };
      }
      // A retry that is answered without the reducer was not checked by it.
      if (!isPlayer(result.state, playerId)) throw forbidden("you do not play in this game");
      const { durability, duplicate } = result;
      const done = { ...answer({ ...result, stale: false }, playerId), durability, duplicate };
      return result.status === "live" ? done : { ...done, result: await resultIfKnown(gameId) };
    },

    concede: (playerId, gameId, options) => service.act(playerId, gameId, served.concession, options),

    async listActive(playerId, { limit, after }) {
      const page = await manager.getPlayerActiveGames(playerId, { limit, after: after ?? null });
      return { items: page.items.map(toListed), next: page.next };
    },

    listHistory: (playerId, { limit, after }) => manager.getPlayerHistory(playerId, { limit, after: after ?? null }),

    async replay(gameId, viewerId) {
      const finished = await finishedGame(gameId);
      const { record, initialState, finalState, rules: byRules } = finished.stored;
      return {
        record,
        result: finished.result,
        initialView: finished.view(initialState, viewerId),
        finalView: finished.view(finalState, viewerId),
        log: finished.log(viewerId),
        rules: byRules,
      };
    },

    replaySteps: async (gameId, viewerId, query) => replays.page(gameId, await finishedGame(gameId), viewerId, query),
  };
  return service;
}

/** Lines of a finished game's log since a version, the newest; line n made revision n + 1. */
function newestOf(log: readonly JsonValue[], since: Version): { lines: readonly JsonValue[]; exact: boolean } {
  const seen = Number(since.split(".")[1]);
  const from = Math.max(seen, log.length + 1 - mostNews, 1);
  return { lines: log.slice(from - 1), exact: from === seen };
}

function toListed(game: ListedGame): ListedGame {
  const { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt } = game;
  return { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt };
}
