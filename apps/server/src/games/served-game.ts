import type { GameDefinition, GameRules } from "@turnkeep/game-state/core";
import type * as z from "zod";
import type { CreateGame } from "../protocol/game-requests.js";

/** For the API's description: what viewers see, and what players may do. */
export interface DescribedGame {
  readonly view: z.ZodType;
  readonly action: z.ZodType;
}

/** A request for a new game, with its players. */
export interface NewGame extends Omit<CreateGame, "writeId"> {
  readonly gameId: string;
  readonly playerId: string;
  /** Decides all that is random. It never leaves the server. */
  readonly seed: string;
}

/** What the server needs to know of the game that it serves. */
export interface ServedGame<State extends object, Action> {
  readonly game: GameDefinition<State, unknown>;
  readonly rules: GameRules<State, Action>;
  /** @throws InvalidInput, for instance for an unknown deck */
  newGame(request: NewGame): State;
  /** The action with what the server, and no client, decides: when it came, in ms since the epoch. */
  stamp(action: Action, at: number): Action;
  /** The action of giving up, as a client would send it. */
  readonly concession: unknown;
  readonly described?: DescribedGame;
}
