import type { GameDefinition, GameRules } from "@turnkeep/game-state/core";
import type { ReducerResult } from "@turnkeep/manager";
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
  /** The service time now, in ms. */
  readonly serviceMs: number;
}

/** What the server, and no client, decides of an action. */
export interface Stamps {
  /** When it came, in ms since the epoch; for display. */
  readonly at: number;
  /** When it came in service time, by which deadlines count. */
  readonly serviceMs: number;
}

/** What the server needs to know of the game that it serves. */
export interface ServedGame<State extends object, Action> {
  readonly game: GameDefinition<State, unknown>;
  readonly rules: GameRules<State, Action>;
  /** @throws InvalidInput, for instance for an unknown deck */
  newGame(request: NewGame): State;
  /** The action with its stamps, whatever a client says of them. */
  stamp(action: Action, stamps: Stamps): Action;
  /** What becomes of a game whose time is over, as the reducer of an update; the same state where it is not. */
  timeOut(state: State, stamps: Stamps): ReducerResult<State>;
  /** The action of giving up, as a client would send it. */
  readonly concession: unknown;
  readonly described?: DescribedGame;
}
