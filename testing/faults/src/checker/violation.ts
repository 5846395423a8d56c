/**
 * I1–I5 as in docs/architecture.md. `liveness`: a call that did not end, or ended with an error without a meaning.
 * `truth`: an answer that was false.
 */
export type PromiseName = "I1" | "I2" | "I3" | "I4" | "I5" | "liveness" | "truth";

/** A broken promise. */
export interface Violation {
  readonly promise: PromiseName;
  readonly gameId: string;
  readonly writeId?: string | undefined;
  /** What was promised, and what the checker found. */
  readonly found: string;
}
