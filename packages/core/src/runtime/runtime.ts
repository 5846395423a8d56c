/** Ends a timer that has not run yet; does nothing afterwards. */
export type CancelTimer = () => void;

export interface TimerOptions {
  /** Whether the timer keeps the process alive until it runs; default true. */
  readonly keepAlive?: boolean | undefined;
}

/**
 * Where time, chance and ids come from. Managers, adapters and daemons take one and read nothing else, so that a test
 * can hand in a virtual one and see the same run every time.
 */
export interface Runtime {
  /** ms of a clock that never goes back. Only differences mean something; they may have fractions. */
  readonly monotonicMs: () => number;
  /** ms since the epoch, by this machine's clock, which may be wrong and may jump. */
  readonly wallClockMs: () => number;
  /** Runs `work` once, `delayMs` from now or a little later, never at once. */
  readonly schedule: (work: () => void, delayMs: number, options?: TimerOptions) => CancelTimer;
  /** A number from 0 up to, and never, 1. */
  readonly random: () => number;
  /** A canonical lower-case UUID that nobody else has. */
  readonly randomId: () => string;
}
