import type { GameId } from "@turnkeep/core";
import type { GameStateManager } from "@turnkeep/manager";
import type { ShownGame } from "../served/served-game.js";
import { FinishedGame } from "./finished-game.js";

const remembered = 16;

/**
 * Reads finished games. At its end a game is asked for several times within a moment, by who ended it and for each who
 * watches; reading and checking a whole replay is much dearer than any action. So it is read once for all who ask
 * meanwhile, and the games that were asked for last are remembered: history never changes.
 */
export class FinishedGames<State extends object> {
  readonly #served: ShownGame<State>;
  readonly #manager: Pick<GameStateManager<State>, "getReplayStates">;
  readonly #games = new Map<string, Promise<FinishedGame<State> | null>>();

  constructor(served: ShownGame<State>, manager: Pick<GameStateManager<State>, "getReplayStates">) {
    this.#served = served;
    this.#manager = manager;
  }

  /** `null` where history has no such game, which is not remembered. @throws what reading throws */
  async find(gameId: GameId): Promise<FinishedGame<State> | null> {
    const reading = this.#games.get(gameId) ?? this.#read(gameId);
    // The last in the map is the one that was asked for last.
    this.#games.delete(gameId);
    this.#games.set(gameId, reading);
    for (const oldest of this.#games.keys()) {
      if (this.#games.size <= remembered) break;
      this.#games.delete(oldest);
    }
    try {
      const finished = await reading;
      if (finished === null) this.#forget(gameId, reading);
      return finished;
    } catch (error) {
      this.#forget(gameId, reading);
      throw error;
    }
  }

  async #read(gameId: GameId): Promise<FinishedGame<State> | null> {
    const stored = await this.#manager.getReplayStates(gameId);
    return stored === null ? null : new FinishedGame(this.#served, stored);
  }

  #forget(gameId: string, reading: Promise<unknown>): void {
    if (this.#games.get(gameId) === reading) this.#games.delete(gameId);
  }
}
