import type { JsonValue } from "@turnkeep/core";
import type { ReducerResult } from "@turnkeep/manager";

/** A state, and what the log keeps of the way to it. */
export interface Made<State> {
  readonly state: State;
  readonly log: readonly JsonValue[];
}

/** What a reducer returned, as the manager understands it: exactly `state` and `log`, or a bare state. */
export function stepOf<State extends object>(result: ReducerResult<State>): Made<State> {
  const fields = Object.keys(result);
  if (fields.length === 2 && "log" in result && "state" in result && Array.isArray(result.log)) {
    return { state: result.state as State, log: result.log };
  }
  return { state: result as State, log: [] };
}
