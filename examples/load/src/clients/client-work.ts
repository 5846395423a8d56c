import type { Operation } from "@turnkeep/match-kit";

/** What one process of players is asked to do. */
export interface ClientWork {
  readonly serverUrls: readonly string[];
  readonly jwtSecret: string;
  readonly matches: number;
  readonly rampMs: number;
  readonly thinkMs: number;
  readonly seed: number;
}

/** The part of the run that is measured has begun; or is over: players give up what they play, and no match begins. */
export type Phase = "measure" | "leave";

/** What a process of players saw. */
export interface ClientResult {
  readonly operations: readonly Operation[];
  readonly endedGames: readonly string[];
  /** Refusals and writes whose result stayed unknown, as codes, until players left: giving up may come second to a move. */
  readonly errors: readonly string[];
  /** Actions that were acknowledged in the measured part, in ms. */
  readonly writeBehindMs: readonly number[];
  readonly durableMs: readonly number[];
  /** From sending an action until the opponent was shown it, in the measured part, in ms. */
  readonly pushMs: readonly number[];
  /** How late this process itself ran, in the measured part: part of every figure. */
  readonly ownDelayP99Ms: number;
}
