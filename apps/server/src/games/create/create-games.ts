import { randomBytes } from "node:crypto";
import type { AcceptInvite, CreateGame, CreateInvite, InviteAnswer } from "@turnkeep/api/schemas";
import { assertGameId, isNpc, isTurnkeepError, type Runtime } from "@turnkeep/core";
import type { GameStateManager, LoadedGame } from "@turnkeep/manager";
import { gameExists } from "../../protocol/http-error.js";
import { forbidden, invalidInput } from "../refusals.js";
import type { NewGame, ShownGame } from "../served/served-game.js";
import { gameIdOf, isServersOwnId, ownWriteId } from "../write-ids.js";
import type { Invites } from "./invites.js";
import { OpenGames } from "./open-games.js";

interface Settings {
  /** Games that one player may have that are not over. */
  readonly maxOpenGames: number;
  readonly runtime: Runtime;
}

type Manager<State extends object> = Pick<
  GameStateManager<State>,
  "createGame" | "loadState" | "serviceTime" | "getPlayerActiveGames"
>;

type Wanted = Omit<NewGame, "seed" | "serviceMs">;

/** A game that has begun, now or before. */
export interface Begun<State extends object> {
  readonly gameId: string;
  /** `null` once it is in history. */
  readonly loaded: LoadedGame<State> | null;
  /** @throws Forbidden or GameExists where the game is not the one that was asked for */
  check(state: State): void;
}

/** Begins games: alone against an NPC, or with another player, by invitation. */
export class GameCreation<State extends object> {
  readonly #served: ShownGame<State>;
  readonly #manager: Manager<State>;
  readonly #invites: Invites | null;
  readonly #open: OpenGames;
  readonly #runtime: Runtime;

  constructor(
    served: ShownGame<State>,
    manager: Manager<State>,
    invites: Invites | null,
    { maxOpenGames, runtime }: Settings,
  ) {
    this.#served = served;
    this.#manager = manager;
    this.#invites = invites;
    this.#open = new OpenGames(manager, maxOpenGames);
    this.#runtime = runtime;
  }

  /** @throws Forbidden for an id that only the server gives */
  async create(playerId: string, { writeId, npcId, ...request }: CreateGame): Promise<Begun<State>> {
    const given = request.gameId;
    const own = gameIdOf(playerId, writeId);
    const gameId = assertGameId(given ?? own);
    if (gameId !== own && isServersOwnId(gameId)) {
      throw forbidden("gameId: ids of version 8 are the server's own; choose one of version 4, or none");
    }
    const opponentId = `npc:${npcId}`;
    return this.#begin({ ...request, gameId, gameType: "campaign", playerId, opponentId }, playerId, writeId);
  }

  /** A token with which another player may begin a game against this one. Nothing is kept. */
  async invite(playerId: string, request: CreateInvite): Promise<InviteAnswer> {
    const invites = this.#invitesOrRefuse();
    // Made only so that a wrong request is refused now, and not when another player accepts.
    const [gameId, opponentId] = [this.#runtime.randomId(), this.#runtime.randomId()];
    this.#deal({ ...request, gameId, playerId, opponentId });
    return invites.issue(playerId, request);
  }

  /**
   * Begins the game of an invitation. The same player again gets the same game.
   * @throws Forbidden for a token that is not valid
   */
  async accept(playerId: string, { token, deck, name }: AcceptInvite): Promise<Begun<State>> {
    const { inviterId, ...invite } = await this.#invitesOrRefuse().read(token);
    const guest = { opponentId: playerId, opponentDeck: deck, opponentName: name };
    const begun = await this.#begin({ ...invite, playerId: inviterId, ...guest }, playerId, "accept_invite");
    const check = (state: State) => {
      if (this.#served.game.playersOf(state).includes(playerId)) return;
      throw forbidden("another player has accepted this invitation");
    };
    return { ...begun, check };
  }

  async #begin(wanted: Wanted, creatorId: string, writeId: string): Promise<Begun<State>> {
    const { gameId, gameType, playerId, opponentId } = wanted;
    const state = this.#deal(wanted);
    const playerIds = [playerId, opponentId].filter((id) => !isNpc(id));
    const facts = { gameType, playerIds, writeId: ownWriteId(creatorId, writeId) };
    const create = () =>
      this.#manager.createGame(state, facts).catch((error: unknown) => {
        if (isTurnkeepError(error, "GameEnded")) return null;
        throw error;
      });
    const begin = playerIds.reduce((inner, id) => () => this.#open.begin(id, gameId, inner), create);
    const check = (found: State) => {
      if (found !== state && !this.#served.beganAlike(found, state)) throw gameExists(gameId);
    };
    return { gameId, loaded: await begin(), check };
  }

  /** The state of a new game, in which an NPC that begins has laid out already. @throws InvalidInput */
  #deal(wanted: Wanted): State {
    const { playerId, opponentId, gameType, rules } = wanted;
    if (playerId === opponentId) throw invalidInput("token: nobody plays against themselves");
    if (gameType === "ranked" && rules !== undefined) {
      throw invalidInput("rules: ranked games are played by the usual ones");
    }
    const serviceMs = this.#manager.serviceTime();
    const seed = randomBytes(24).toString("base64url");
    const state = this.#served.newGame({ ...wanted, seed, serviceMs });
    return this.#served.withNpcAnswers({ state, log: [] }, { at: this.#runtime.wallClockMs(), serviceMs }).state;
  }

  #invitesOrRefuse(): Invites {
    if (this.#invites === null) throw forbidden("this server has no key for invitations: an operator has to set one");
    return this.#invites;
  }
}
