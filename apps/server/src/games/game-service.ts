import { createHash, randomBytes } from "node:crypto";
import {
  assertGameId,
  isTurnkeepError,
  type JsonValue,
  type Version,
  type Viewer,
  type WriteId,
} from "@turnkeep/game-state/core";
import type { Page } from "@turnkeep/game-state/ports";
import type { GameStateManager, LoadedGame, Replay, UpdateResult } from "@turnkeep/manager";
import { describeIssue } from "../protocol/describe-issue.js";
import type { ActAnswer, FinishedGame, GameAnswer, ListedGame, LoadedAnswer } from "../protocol/game-answers.js";
import type { CreateGame, PageQuery } from "../protocol/game-requests.js";
import { forbidden, gameNotFound, invalidInput } from "./refusals.js";
import type { ServedGame } from "./served-game.js";

/**
 * What the log keeps of one write: whose it is and the id that they gave it, so that it can be told whether and how
 * often it was applied, and what the rules say of it.
 */
export interface LoggedWrite {
  readonly playerId: string;
  readonly writeId: WriteId;
  readonly entries: readonly JsonValue[];
}

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
  /** A game between the player and the invited opponent, durable. The same write id again is the same game. */
  create(playerId: string, request: CreateGame): Promise<GameAnswer>;
  /** Takes up the seat that an invitation gave; the player's view. @throws Forbidden for whoever has none */
  join(playerId: string, gameId: string): Promise<GameAnswer>;
  /** Also of a finished game. @throws GameNotFound */
  view(gameId: string, viewerId: string | null): Promise<GameAnswer>;
  /** @throws Forbidden, NotYourTurn, IllegalAction, RevisionConflict, GameEnded and others: then nothing changed */
  act(playerId: string, gameId: string, action: unknown, options: WriteOptions): Promise<ActAnswer>;
  concede(playerId: string, gameId: string, options: WriteOptions): Promise<ActAnswer>;
  listActive(playerId: string, page: PageQuery): Promise<Page<ListedGame>>;
  listHistory(playerId: string, page: PageQuery): Promise<Page<FinishedGame>>;
  /** Of a finished game; the log for its players only. @throws GameNotFound */
  replay(gameId: string, viewerId: string | null): Promise<Replay>;
}

/** What the service needs of the manager. */
export type ServiceManager<State extends object> = Pick<
  GameStateManager<State>,
  "createGame" | "loadState" | "update" | "serviceTime" | "getPlayerActiveGames" | "getPlayerHistory" | "getReplay"
>;

export function createGameService<State extends object, Action>(
  served: ServedGame<State, Action>,
  manager: ServiceManager<State>,
  now: () => number = Date.now,
): GameService {
  const { game, rules } = served;
  const isPlayer = (state: State, playerId: string) => game.playersOf(state).includes(playerId);
  const answer = (loaded: LoadedGame<State>, viewerId: string | null) =>
    projectGame(served, loaded, viewerId, manager.serviceTime());

  /** A write that the finished game's log holds was applied, be it the one that ended it; `null` if it was not. */
  const findInHistory = async (playerId: string, gameId: string, writeId: WriteId): Promise<ActAnswer | null> => {
    const replay = await manager.getReplay(gameId, { playerId });
    const logged = (replay?.log ?? []) as readonly Partial<LoggedWrite>[];
    const isIt = (write: Partial<LoggedWrite>) => write.playerId === playerId && write.writeId === writeId;
    if (replay === null || !logged.some(isIt)) return null;
    return { ...archived(gameId, replay, manager.serviceTime()), durability: "durable", duplicate: true };
  };

  const service: GameService = {
    async create(playerId, { writeId, ...request }) {
      if (request.opponentId === playerId) throw invalidInput("opponentId: nobody plays against themselves");
      const gameId = assertGameId(request.gameId ?? gameIdOf(playerId, writeId));
      const seed = randomBytes(24).toString("base64url");
      const state = served.newGame({ ...request, gameId, playerId, seed, serviceMs: manager.serviceTime() });
      const created = await manager.createGame(state, {
        gameType: request.gameType,
        playerIds: [playerId, request.opponentId],
        writeId: ownWriteId(playerId, writeId),
      });
      if (!isPlayer(created.state, playerId)) throw forbidden("this game id is somebody else's");
      return answer(created, playerId);
    },

    async join(playerId, gameId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded === null) throw gameNotFound(gameId);
      if (!isPlayer(loaded.state, playerId)) throw forbidden("no seat of this game is yours");
      return answer(loaded, playerId);
    },

    async view(gameId, viewerId) {
      const loaded = await manager.loadState(assertGameId(gameId));
      if (loaded !== null) return answer(loaded, viewerId);
      const finished = await manager.getReplay(gameId, toViewer(viewerId));
      if (finished === null) throw gameNotFound(gameId);
      return archived(gameId, finished, manager.serviceTime());
    },

    async act(playerId, gameId, action, { writeId, expectedVersion }) {
      const parsed = rules.actionSchema.safeParse(action);
      if (!parsed.success) throw invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue, "action")));
      const stamped = served.stamp(parsed.data, { at: now(), serviceMs: manager.serviceTime() });
      const reducer = (state: State) => {
        if (!isPlayer(state, playerId)) throw forbidden("you do not play in this game");
        const { state: next, log } = rules.apply(state, playerId, stamped);
        const logged: LoggedWrite = { playerId, writeId, entries: log };
        return { state: next, log: [{ ...logged }] };
      };
      let result: UpdateResult<State>;
      try {
        const options = { writeId: ownWriteId(playerId, writeId), expectedVersion };
        result = await manager.update(assertGameId(gameId), reducer, options);
      } catch (error) {
        const done = isTurnkeepError(error, "GameEnded") ? await findInHistory(playerId, gameId, writeId) : null;
        if (done === null) throw error;
        return done;
      }
      // A retry that is answered without the reducer was not checked by it.
      if (!isPlayer(result.state, playerId)) throw forbidden("you do not play in this game");
      const { durability, duplicate } = result;
      return { ...answer({ ...result, stale: false }, playerId), durability, duplicate };
    },

    concede: (playerId, gameId, options) => service.act(playerId, gameId, served.concession, options),

    async listActive(playerId, { limit, after }) {
      const page = await manager.getPlayerActiveGames(playerId, { limit, after: after ?? null });
      return { items: page.items.map(toListed), next: page.next };
    },

    listHistory: (playerId, { limit, after }) => manager.getPlayerHistory(playerId, { limit, after: after ?? null }),

    async replay(gameId, viewerId) {
      const replay = await manager.getReplay(assertGameId(gameId), toViewer(viewerId));
      if (replay === null) throw gameNotFound(gameId);
      return replay;
    },
  };
  return service;
}

/** A loaded game as this viewer may see it; who is no player sees what a spectator sees. */
export function projectGame<State extends object>(
  { game }: Pick<ServedGame<State, never>, "game">,
  { state, version, status, stale }: LoadedGame<State>,
  viewerId: string | null,
  serviceTime: number,
): LoadedAnswer {
  const isPlayer = viewerId !== null && game.playersOf(state).includes(viewerId);
  const view = game.viewFor(state, isPlayer ? { playerId: viewerId } : "spectator");
  return { gameId: game.idOf(state), version, status, stale, serviceTime, view };
}

function archived(gameId: string, { finalView }: Replay, serviceTime: number): GameAnswer {
  return { gameId, version: null, status: "archived", stale: false, serviceTime, view: finalView };
}

function toViewer(viewerId: string | null): Viewer {
  return viewerId === null ? "spectator" : { playerId: viewerId };
}

/** Players choose their write ids alone, so that two of them may choose the same one for two writes of one game. */
function ownWriteId(playerId: string, writeId: WriteId): WriteId {
  return createHash("sha256").update(`write ${playerId} ${writeId}`).digest("base64url");
}

/** Of a retried creation without a game id the retry finds the same id. The version is 8, for ids of one's own making. */
function gameIdOf(playerId: string, writeId: WriteId): string {
  const hex = createHash("sha256").update(`game ${playerId} ${writeId}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function toListed(game: ListedGame): ListedGame {
  const { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt } = game;
  return { gameId, gameType, status, turnNumber, playerIds, npcId, outcome, startedAt, lastActionAt };
}
