import type { Address } from "../contenders/contender.js";
import type { Measured } from "../measure/operation.js";
import type { StateSize } from "../states/played-game.js";

/** What a process of its own measures: its memory and its garbage are then its own too. */
export interface Task {
  readonly what: "act" | "recover";
  readonly contender: "limit" | "copy" | "naive" | "turnkeep";
  readonly site: Address;
  readonly size: StateSize;
  readonly games: number;
  readonly runMs: number;
  /** Of Turnkeep; `null`: its default. */
  readonly localCopyBytes: number | null;
}

/** What one process measures for another one: `rest` ends when nothing of the last run is under way any more. */
export interface Working extends Measured {
  rest(): Promise<unknown>;
}
