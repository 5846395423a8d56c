/** `liveness`: a call that did not end, or ended with an error that says nothing. `truth`: an answer that was false. */
export type Promised = "I1" | "I2" | "I3" | "I4" | "I5" | "liveness" | "truth";

/** A broken promise, as short as it can be said. */
export interface Violation {
  readonly promise: Promised;
  readonly gameId: string;
  readonly writeId?: string | undefined;
  /** What was promised, and what was found. */
  readonly says: string;
}
