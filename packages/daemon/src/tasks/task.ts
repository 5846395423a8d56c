/** What one round of a task did. `failed` counts games that could not be helped; the round itself went through. */
export interface TaskResult {
  readonly done: number;
  readonly failed: number;
}

/**
 * One duty of the daemon. A round may run at the same time as a round of another daemon, may be cut short at any
 * moment, and is repeated: the protocol's compare-and-set steps make all of that safe.
 */
export interface Task {
  readonly name: string;
  readonly everyMs: number;
  /** True where the loop begins with a pause, since the first round was done already. */
  readonly startsLater?: boolean;
  /** One round. @throws whatever kept the round from going through, such as StoreUnavailable */
  run(signal: AbortSignal): Promise<TaskResult>;
}
