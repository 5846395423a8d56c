import { now } from "../clock.js";
import type { Observation } from "../system/system.js";

/** When something began and when it was over, in ms of one monotonic clock; the journal's start is 0. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Operation = "create" | "write" | "read" | "end" | "delete" | "recover";

/**
 * `done`: acknowledged. `notDone`: promised to have had no effect. `unknown`: it may have been carried out or not.
 * `refused`: the game did not accept it (it is over, or another call was faster). `fault`: an error without a meaning
 * for the caller.
 */
export type OperationOutcome = "done" | "notDone" | "unknown" | "refused" | "fault";

/** One call of a client. */
export interface Entry extends Span {
  readonly op: Operation;
  /** The number of the server. */
  readonly service: number;
  readonly gameId: string;
  readonly outcome: OperationOutcome;
  readonly writeId?: string | undefined;
  /** The level that was reached. */
  readonly level?: "writeBehind" | "durable" | undefined;
  /** What a read returned; `null` if there was no game. */
  readonly seen?: Observation | null | undefined;
  readonly error?: string | undefined;
}

/** A time in which a scenario takes data away from Redis on purpose. */
export interface Loss extends Span {
  readonly what: string;
  /** Write-behind writes that were acknowledged up to so long before `from`, and until `to`, may be gone. */
  readonly promisedMs: number;
}

/** A time whose commits a scenario takes away from Postgres on purpose: from the backup until it is restored. */
export interface StoreLoss extends Loss {
  /** Redis keeps what it has; else it is emptied in the same time. */
  readonly cacheKept: boolean;
}

/** Everything that clients did and saw in one run. */
export class Journal {
  readonly #began = now();
  readonly entries: Entry[] = [];
  readonly losses: Loss[] = [];
  readonly storeLosses: StoreLoss[] = [];
  /** Times in which clients talked to two masters, so that some rightly saw what others had overtaken. */
  readonly splits: Span[] = [];
  /** Calls that have begun and not ended: one that is still here at the end hangs. */
  readonly underWay = new Set<{ readonly op: Operation; readonly gameId: string; readonly from: number }>();
  /** Faults that were injected. */
  injected = 0;
  /** How many times slower than usual this machine was at its slowest; bounds in ms are multiplied by it. */
  slowness = 1;

  now(): number {
    return now() - this.#began;
  }
}
