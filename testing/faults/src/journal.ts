/** When something began and when it was over, in ms of one monotonic clock; the journal's start is 0. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Operation = "create" | "write" | "read" | "end" | "delete" | "recover";

/**
 * `done`: acknowledged. `notDone`: promised to have had no effect. `unknown`: nobody can tell. `refused`: the game
 * took no such thing (it is over, or somebody was faster). `fault`: an error that no caller could make sense of.
 */
export type OperationOutcome = "done" | "notDone" | "unknown" | "refused" | "fault";

/** What a reader saw; `null` where there was no game. */
export interface Sight {
  readonly version: string;
  readonly status: "live" | "ended";
  readonly writes: readonly string[];
  /** The cache could not be asked: something newer may exist, and the reader was told so. */
  readonly stale: boolean;
}

export interface Entry extends Span {
  readonly op: Operation;
  readonly service: number;
  readonly gameId: string;
  readonly outcome: OperationOutcome;
  readonly writeId?: string | undefined;
  /** The level that was reached. */
  readonly level?: "writeBehind" | "durable" | undefined;
  readonly sight?: Sight | null | undefined;
  readonly error?: string | undefined;
}

/** A time in which a row takes something away on purpose. What it excuses is told by `promisedMs` alone. */
export interface Loss extends Span {
  readonly what: string;
  /** Write-behind writes acknowledged up to so long before `from`, and until `to`, may be gone. */
  readonly promisedMs: number;
}

/** Everything that was done and seen in one run. */
export class Journal {
  readonly #began = performance.now();
  readonly entries: Entry[] = [];
  readonly losses: Loss[] = [];
  /** Times in which clients were split, so that some were right to see what others had overtaken. */
  readonly splits: Span[] = [];
  /** What has been started and not ended: a call among them at the end hangs. */
  readonly underWay = new Set<{ readonly op: Operation; readonly gameId: string; readonly from: number }>();
  injected = 0;
  /** So many times slower than usual was this machine at its slowest: bounds in ms are stretched by it. */
  slowness = 1;

  now(): number {
    return performance.now() - this.#began;
  }
}
