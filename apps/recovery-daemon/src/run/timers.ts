import { pause } from "@turnkeep/service-kit";

/** Time as loops need it; tests bring their own. */
export interface Timers {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Resolves after so long, or as soon as the signal fires; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemTimers: Timers = { now: () => performance.now(), sleep: pause };
