import type { JsonValue, Viewer } from "@turnkeep/core";
import type { ReducerResult, RulesInForce } from "@turnkeep/manager";

/** How a game is played: its rules, as the server calls them in `manager.update`. All of it is pure and synchronous. */
export interface GameUnderTest<State extends object, Move> {
  /** A new game with this id. Chance, such as a shuffled deck, comes from the seed. */
  readonly newGame: (gameId: string, seed: number) => State;
  /** Moves that may be played now, of every player whose turn it is. A move is JSON, and says who plays it if that matters. */
  readonly legalMoves: (state: State) => readonly Move[];
  /**
   * The next state, or with log entries. `serviceMs` is the time, for rules with deadlines; `game` names the version of the
   * rules, for definitions with several: here the newest, under which new games begin.
   */
  readonly play: (state: State, move: Move, serviceMs: number, game: RulesInForce) => ReducerResult<State>;
  /** What becomes of a game whose `dueAt` has come, as given to `enforceDeadlines` or to the daemon. */
  readonly onDue?: ((state: State, serviceMs: number, game: RulesInForce) => ReducerResult<State>) | undefined;
  /** The state after one log entry, for games whose log is their replay. */
  readonly replay?: ((state: State, entry: JsonValue) => State) | undefined;
  /**
   * The same state with other values (canaries) wherever this viewer may not look: the view has to stay the same. For
   * games that hide something.
   */
  readonly canaries?: ((state: State, viewer: Viewer) => State) | undefined;
  /** One document of each schema version that may still be stored, by version, as it was written then. */
  readonly documents?: Readonly<Record<number, object>> | undefined;
}
