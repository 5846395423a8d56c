import type { ContenderName, Site } from "../contenders/contender.js";
import type { Measured, Pace } from "../measure/operation.js";
import type { StateSize } from "../states/played-game.js";

/** How much is measured. */
export interface Effort extends Pace {
  readonly rounds: number;
  readonly sizes: readonly StateSize[];
  readonly atOnce: readonly number[];
  /** How many games the rows about many games have. */
  readonly games: number;
  readonly logEntries: readonly number[];
  /** Of the rows that show how something grows. */
  readonly growth: {
    readonly games: readonly number[];
    readonly recovered: readonly number[];
    readonly rounds: number;
    readonly runMs: number;
  };
}

/** One line of a row's table. */
export interface Case {
  readonly label: string;
  /** The size of what grows from case to case. */
  readonly growth?: number;
  /** @default those of the effort */
  readonly rounds?: number;
  open(site: Site): Promise<ReadonlyMap<ContenderName, Measured>>;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** What the limit and the usual design do here. */
  readonly against: string;
  cases(effort: Effort): readonly Case[];
}
