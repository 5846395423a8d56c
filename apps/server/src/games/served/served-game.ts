import type { GameDefinition, GameRules, JsonValue, RulesStep } from "@turnkeep/core";
import type { CardGameType } from "@turnkeep/game-state";
import type { ReducerResult } from "@turnkeep/manager";
import type * as z from "zod";

/** For the API's description: what viewers see, what players may do, and which rules a game may be given. */
export interface DescribedGame {
  readonly view: z.ZodType;
  readonly action: z.ZodType;
  readonly rules?: z.ZodType;
}

/** A request for a new game, with its players. */
export interface NewGame {
  readonly gameId: string;
  readonly gameType: CardGameType;
  readonly playerId: string;
  /** A user's id, or `npc:<id>`. */
  readonly opponentId: string;
  readonly rules?: unknown;
  /** Names of decks; default: one of them. */
  readonly deck?: string | undefined;
  readonly opponentDeck?: string | undefined;
  /** What others read; default: a name made of the id. */
  readonly name?: string | undefined;
  readonly opponentName?: string | undefined;
  /** Decides all that is random. It never leaves the server. */
  readonly seed: string;
  /** The service time now, in ms. */
  readonly serviceMs: number;
}

/** What the server, and no client, decides of an action. */
export interface Timestamps {
  /** When it came, in ms since the epoch; for display. */
  readonly at: number;
  /** When it came in service time, by which deadlines count. */
  readonly serviceMs: number;
}

/** A log entry as one viewer may see it: who did what, and what happened by it. */
export interface EntryView {
  readonly turn: number;
  readonly playerId: string;
  readonly action: unknown;
  readonly records: readonly unknown[];
}

/** Who looks at what is over or past: a player's id, or `null`; `open` if the rules show hidden things by now. */
export interface Onlooker {
  readonly viewerId: string | null;
  readonly open: boolean;
}

/** What the server needs to know of the game that it serves. */
export interface ServedGame<State extends object, Action> {
  readonly game: GameDefinition<State, unknown>;
  readonly rules: GameRules<State, Action>;
  /** @throws InvalidInput, for instance for an unknown deck or NPC, or for rules out of bounds */
  newGame(request: NewGame): State;
  /** True for two states of games that were asked for in the same way, however far either has come. */
  beganAlike(one: State, other: State): boolean;
  /** The action with its timestamps, whatever a client says of them. */
  withTimestamps(action: Action, timestamps: Timestamps): Action;
  /** The step, and all that NPCs do after it until a human has to act. */
  withNpcAnswers(step: RulesStep<State>, timestamps: Timestamps): RulesStep<State>;
  /** What becomes of a game whose time is over, as the reducer of an update; the same state where it is not. */
  timeOut(state: State, timestamps: Timestamps): ReducerResult<State>;
  /** The action of giving up, as a client would send it. */
  readonly concession: unknown;
  /** Whether the rules of this game show what was hidden once it is over. */
  opensAfterEnd(state: State): boolean;
  /** A state of a game that is over, be it an early one, as this onlooker may see it by now. */
  viewAfterEnd(state: State, onlooker: Onlooker): unknown;
  /** A log entry as this onlooker may see it. */
  viewEntry(entry: JsonValue, onlooker: Onlooker): EntryView;
  readonly described?: DescribedGame;
}

/** The part of a served game that takes no actions of clients. */
export type ShownGame<State extends object> = Omit<ServedGame<State, never>, "rules" | "withTimestamps"> & {
  readonly rules: Pick<GameRules<State, never>, "replay">;
};
