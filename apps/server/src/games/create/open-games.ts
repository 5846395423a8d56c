import type { GameStateManager } from "@turnkeep/manager";
import { forbidden } from "../refusals.js";

type Manager = Pick<GameStateManager<object>, "loadState" | "getPlayerActiveGames">;

/**
 * Bounds how many games a player has that are not over. All count that the player began or accepted; nobody else can
 * add one. Those that begin on this server at the same time count as well. Another server's count once the store has
 * them: a burst over n servers gets at most n - 1 times what was left too many.
 */
export class OpenGames {
  readonly #manager: Manager;
  /** 0: no bound. */
  readonly #most: number;
  /** By player, the games that are about to begin here, and that lists may not show yet. */
  readonly #beginning = new Map<string, Set<string>>();

  constructor(manager: Manager, most: number) {
    this.#manager = manager;
    this.#most = most;
  }

  /**
   * Begins the game if the player may have one more.
   * @throws Forbidden where the bound is reached; a game that was begun may be begun again
   */
  async begin<T>(playerId: string, gameId: string, begin: () => Promise<T>): Promise<T> {
    if (this.#most === 0) return begin();
    const beginning = this.#beginning.get(playerId) ?? new Set();
    this.#beginning.set(playerId, beginning);
    // In the order in which they came, before anything is awaited: of games that come at once the first are accepted.
    const before = [...beginning];
    beginning.add(gameId);
    try {
      const { items } = await this.#manager.getPlayerActiveGames(playerId, { limit: this.#most });
      const open = new Set([...before, ...items.map((game) => game.gameId)]);
      if (open.size >= this.#most && !open.has(gameId) && (await this.#manager.loadState(gameId)) === null) {
        throw forbidden(`a player of this game has ${this.#most} that are not over; one has to end first`);
      }
      return await begin();
    } finally {
      if (!before.includes(gameId)) beginning.delete(gameId);
      if (beginning.size === 0) this.#beginning.delete(playerId);
    }
  }
}
