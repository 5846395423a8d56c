import type * as z from "zod";
import type { JsonValue } from "./json.js";

/** What one accepted action did: the next state, and what the log keeps of it. */
export interface RulesStep<State> {
  readonly state: State;
  readonly log: readonly JsonValue[];
}

/**
 * A game's rules as a pure reducer. The same state and action give the same bytes: randomness lives in the state,
 * and time enters only as a field of the action. A state and its log entries replay to the same final state.
 */
export interface GameRules<State, Action> {
  /** Validates an action as it comes from a client. */
  readonly actionSchema: z.ZodType<Action>;
  /**
   * The state after the action, with its log entries; the given state is not changed.
   * @throws IllegalAction, NotYourTurn, Forbidden: then nothing happened
   */
  readonly apply: (state: State, playerId: string, action: Action) => RulesStep<State>;
  /** The state after one log entry that `apply` returned; used by replays. */
  readonly replay: (state: State, entry: JsonValue) => State;
}
