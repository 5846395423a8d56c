import type { GameAnswer, ListedGame } from "@turnkeep/api/schemas";
import { assertGameId, isTurnkeepError, type Runtime, systemRuntime } from "@turnkeep/core";
import type { GameStateManager, LoadedGame, UpdateResult } from "@turnkeep/manager";
import { describeIssue } from "../protocol/describe-issue.js";
import { type Begun, GameCreation } from "./create/create-games.js";
import { Invites } from "./create/invites.js";
import type { GameService } from "./game-service.js";
import type { LoggedWrite } from "./past/finished-game.js";
import { newsSince } from "./past/news-since.js";
import { PastGames } from "./past/past-games.js";
import { forbidden, gameNotFound, invalidInput } from "./refusals.js";
import { projectGame } from "./served/project-game.js";
import type { ServedGame, ShownGame } from "./served/served-game.js";
import { ownWriteId } from "./write-ids.js";

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
  readonly runtime?: Runtime;
}

export function createGameService<State extends object, Action>(
  served: ServedGame<State, Action>,
  manager: ServiceManager<State>,
  { inviteKey, maxOpenGames = 0, runtime = systemRuntime }: ServiceOptions = {},
): GameService {
  const { game, rules } = served;
  const shown: ShownGame<State> = served;
  const invites = inviteKey === undefined ? null : new Invites(inviteKey, runtime);
  const creation = new GameCreation(shown, manager, invites, { maxOpenGames, runtime });
  const past = new PastGames(shown, manager);
  const isPlayer = (state: State, playerId: string) => game.playersOf(state).includes(playerId);
  const answer = (loaded: Pick<LoadedGame<State>, "state" | "version" | "status" | "stale">, viewerId: string | null) =>
    projectGame(served, loaded, viewerId, manager.serviceTime());

  /** A creation that is retried once its game is over shows the game's players how it ended. */
  const begun = async (playerId: string, { gameId, loaded, check }: Begun<State>): Promise<GameAnswer> => {
    if (loaded !== null) check(loaded.state);
    if (loaded?.status === "live") return answer(loaded, playerId);
    const finished = await past.find(gameId);
    // Sealed, and on its way into history.
    if (finished === null && loaded !== null) return answer(loaded, playerId);
    if (!finished?.playerIds.includes(playerId)) throw forbidden("this game is over already");
    if (finished.stored.finalState !== null) check(finished.stored.finalState);
    return past.answer(gameId, finished, playerId);
  };

  const service: GameService = {
    create: async (playerId, request) => begun(playerId, await creation.create(playerId, request)),
    invite: (playerId, request) => creation.invite(playerId, request),
    acceptInvite: async (playerId, request) => begun(playerId, await creation.accept(playerId, request)),

    async join(playerId, gameId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded === null) throw gameNotFound(gameId);
      if (!isPlayer(loaded.state, playerId)) throw forbidden("no seat of this game is yours");
      return answer(loaded, playerId);
    },

    async view(gameId, viewerId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      return loaded === null ? past.view(gameId, viewerId) : answer(loaded, viewerId);
    },

    async since(gameId, viewerId, version) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded === null) return past.since(gameId, viewerId, version);
      return { ...answer(loaded, viewerId), ...(await newsSince(shown, manager, loaded, viewerId, version)) };
    },

    async act(playerId, gameId, action, { writeId, expectedVersion }) {
      const parsed = rules.actionSchema.safeParse(action);
      if (!parsed.success) throw invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue, "action")));
      const timestamps = { at: runtime.wallClockMs(), serviceMs: manager.serviceTime() };
      const timed = served.withTimestamps(parsed.data, timestamps);
      const reducer = (state: State) => {
        if (!isPlayer(state, playerId)) throw forbidden("you do not play in this game");
        const { state: next, log } = served.withNpcAnswers(rules.apply(state, playerId, timed), timestamps);
        const logged: LoggedWrite = { playerId, writeId, entries: log };
        return { state: next, log: [{ ...logged }] };
      };
      const options = { writeId: ownWriteId(playerId, writeId), expectedVersion };
      let result: UpdateResult<State>;
      try {
        result = await manager.update(assertGameId(gameId), reducer, options);
      } catch (error) {
        // The manager remembers the last writes of a game, history all of them.
        const finished = isTurnkeepError(error, "GameEnded") ? await past.find(gameId) : null;
        if (!finished?.hasWrite(playerId, writeId)) throw error;
        return { ...past.answer(gameId, finished, playerId), durability: "durable", duplicate: true };
      }
      // A retry that is answered without the reducer was not checked by it.
      if (!isPlayer(result.state, playerId)) throw forbidden("you do not play in this game");
      const { durability, duplicate } = result;
      const done = { ...answer({ ...result, stale: false }, playerId), durability, duplicate };
      return result.status === "live" ? done : { ...done, result: await past.resultIfKnown(gameId) };
    },

    concede: (playerId, gameId, options) => service.act(playerId, gameId, served.concession, options),

    async listActive(playerId, { limit, after }) {
      const page = await manager.getPlayerActiveGames(playerId, { limit, after: after ?? null });
      return { items: page.items.map(toListed), next: page.next };
    },

    listHistory: (playerId, { limit, after }) => manager.getPlayerHistory(playerId, { limit, after: after ?? null }),

    replay: (gameId, viewerId) => past.replay(gameId, viewerId),
    replaySteps: (gameId, viewerId, query) => past.steps(gameId, viewerId, query),
  };
  return service;
}

function toListed(game: ListedGame): ListedGame {
  const { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt } = game;
  return { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt };
}
