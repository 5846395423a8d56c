import { randomBytes } from "node:crypto";
import type { AcceptInvite, CreateGame, CreateInvite, InviteAnswer } from "@turnkeep/api/schemas";
import { assertGameId, isNpc, type Runtime } from "@turnkeep/core";
import type { GameStateManager, LoadedGame } from "@turnkeep/manager";
import { forbidden, invalidInput } from "../refusals.js";
import type { NewGame, ShownGame } from "../served/served-game.js";
import { gameIdOf, ownWriteId } from "../write-ids.js";
import type { Invites } from "./invites.js";

interface Settings {
  /** Games that one player may have proposed, by creating or inviting, and that are not over. */
  readonly maxOpenGames: number;
  readonly runtime: Runtime;
}

const listedAtOnce = 500;

type Wanted = Omit<NewGame, "seed" | "serviceMs">;

/** Begins games: against a user, against an NPC, and by invitation. */
export class GameCreation<State extends object> {
  readonly #served: ShownGame<State>;
  readonly #manager: Pick<GameStateManager<State>, "createGame" | "loadState" | "serviceTime" | "getPlayerActiveGames">;
  readonly #invites: Invites | null;
  readonly #settings: Settings;
  /** By who proposes them, the games that are about to begin here, and that lists may not show yet. */
  readonly #beginning = new Map<string, Set<string>>();

  constructor(
    served: ShownGame<State>,
    manager: Pick<GameStateManager<State>, "createGame" | "loadState" | "serviceTime" | "getPlayerActiveGames">,
    invites: Invites | null,
    settings: Settings,
  ) {
    this.#served = served;
    this.#manager = manager;
    this.#invites = invites;
    this.#settings = settings;
  }

  async create(playerId: string, request: CreateGame): Promise<LoadedGame<State>> {
    const { writeId, opponentId, npcId, gameType = npcId === undefined ? "freeplay" : "campaign", ...rest } = request;
    if ((opponentId === undefined) === (npcId === undefined)) {
      throw invalidInput("opponentId: either this or npcId is needed");
    }
    if ((npcId === undefined) !== (gameType !== "campaign")) {
      throw invalidInput("gameType: campaign games are played against an NPC, all others against a user");
    }
    const gameId = assertGameId(request.gameId ?? gameIdOf(playerId, writeId));
    const opponent = opponentId ?? `npc:${npcId}`;
    return this.#begin({ ...rest, gameId, gameType, playerId, opponentId: opponent }, playerId, writeId);
  }

  /** A token with which another player may begin a game against this one. Nothing is kept. */
  async invite(playerId: string, request: CreateInvite): Promise<InviteAnswer> {
    const invites = this.#invitesOrRefuse();
    // Made only so that a wrong request is refused now, and not when another player accepts.
    const { runtime } = this.#settings;
    this.#deal({ ...request, gameId: runtime.randomId(), playerId, opponentId: runtime.randomId() });
    return invites.issue(playerId, request);
  }

  /**
   * Begins the game of an invitation. The same player again gets the same game.
   * @throws Forbidden for every later player, and for a token that is not valid
   */
  async accept(playerId: string, { token, deck, name }: AcceptInvite): Promise<LoadedGame<State>> {
    const { inviterId, gameId, gameType, rules, ...inviter } = await this.#invitesOrRefuse().read(token);
    const wanted: Wanted = {
      gameId,
      gameType,
      rules,
      playerId: inviterId,
      opponentId: playerId,
      deck: inviter.deck,
      name: inviter.name,
      opponentDeck: deck,
      opponentName: name,
    };
    return this.#begin(wanted, playerId, "accept_invite");
  }

  async #begin(wanted: Wanted, creatorId: string, writeId: string): Promise<LoadedGame<State>> {
    const { gameId, gameType, playerId, opponentId } = wanted;
    const state = this.#deal(wanted);
    const humans = [playerId, opponentId].filter((id) => !isNpc(id));
    const facts = { gameType, playerIds: humans, writeId: ownWriteId(creatorId, writeId) };
    const created = await this.#withinBound(playerId, gameId, () => this.#manager.createGame(state, facts));
    if (!this.#served.game.playersOf(created.state).includes(creatorId)) {
      throw forbidden(`the game ${gameId} belongs to other players, or has begun without you`);
    }
    return created;
  }

  /** The state of a new game, in which an NPC that begins has laid out already. @throws InvalidInput */
  #deal(wanted: Wanted): State {
    const { playerId, opponentId, gameType, rules } = wanted;
    if (playerId === opponentId) throw invalidInput("opponentId: nobody plays against themselves");
    if (gameType === "ranked" && rules !== undefined) {
      throw invalidInput("rules: ranked games are played by the usual ones");
    }
    const serviceMs = this.#manager.serviceTime();
    const seed = randomBytes(24).toString("base64url");
    const state = this.#served.newGame({ ...wanted, seed, serviceMs });
    return this.#served.withNpcAnswers({ state, log: [] }, { at: this.#settings.runtime.wallClockMs(), serviceMs })
      .state;
  }

  /**
   * Begins the game if its proposer may have one more. Only games that the player proposed count, so that nobody can
   * use up another player's bound; those that begin on this server at the same time count as well. Another server's
   * count once the store has them: a burst over n servers gets at most n - 1 times what was left too many.
   * @throws Forbidden where the bound is reached; a game that was begun may be begun again
   */
  async #withinBound<T>(playerId: string, gameId: string, begin: () => Promise<T>): Promise<T> {
    const { maxOpenGames } = this.#settings;
    if (maxOpenGames === 0) return begin();
    const beginning = this.#beginning.get(playerId) ?? new Set();
    this.#beginning.set(playerId, beginning);
    // In the order in which they came, before anything is awaited: of games that come at once the first are accepted.
    const before = [...beginning];
    beginning.add(gameId);
    try {
      const open = new Set([...before, ...(await this.#openGamesOf(playerId))]);
      if (open.size >= maxOpenGames && !open.has(gameId) && (await this.#manager.loadState(gameId)) === null) {
        throw forbidden(
          `the player who proposed this game has ${maxOpenGames} that are not over; one has to end first`,
        );
      }
      return await begin();
    } finally {
      if (!before.includes(gameId)) beginning.delete(gameId);
      if (beginning.size === 0) this.#beginning.delete(playerId);
    }
  }

  /** Those that the player proposed, up to the bound. Who proposed a game is the first of its players. */
  async #openGamesOf(playerId: string): Promise<readonly string[]> {
    const games: string[] = [];
    let after: string | null = null;
    do {
      const page = await this.#manager.getPlayerActiveGames(playerId, { limit: listedAtOnce, after });
      for (const { gameId, playerIds } of page.items) if (playerIds[0] === playerId) games.push(gameId);
      after = page.next;
    } while (after !== null && games.length < this.#settings.maxOpenGames);
    return games;
  }

  #invitesOrRefuse(): Invites {
    if (this.#invites === null) throw forbidden("this server has no key for invitations");
    return this.#invites;
  }
}
