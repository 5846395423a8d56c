import { type Pauses, pauseAfter, type Runtime, sleep, systemRuntime } from "@turnkeep/core";
import { isFinal, Refusal } from "./errors.js";

export interface RepeatOptions {
  /** No attempt begins after it fires. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the error of each attempt that is followed by another one. */
  readonly onRetry?: ((error: unknown) => void) | undefined;
  /** Waits for about so many ms before the next attempt. Default: exactly so long, or until the signal fires. */
  readonly pause?: ((ms: number) => Promise<unknown>) | undefined;
  /** Default: from 250 ms to 4 s. */
  readonly backoff?: Pauses | undefined;
  /** Where timers and chance come from. Default: the platform's own. */
  readonly runtime?: Pick<Runtime, "schedule" | "random"> | undefined;
}

/** Between two attempts, and two connections. */
export const defaultBackoff: Pauses = { firstMs: 250, longestMs: 4_000 };
/** A server that fails in the same way so often in a row goes on to do so. */
const internalErrors = 4;

/**
 * Repeats the work until it has a final answer. The work has to be such that doing it twice is doing it once, as
 * reading is, and a write that keeps its write id.
 * @param work gets the number of the attempt, from 1
 * @throws Refusal that is final or the fourth of status 500; the last attempt's error once the signal fires
 */
export async function untilAnswered<T>(
  work: (attempt: number) => Promise<T>,
  { signal, onRetry, pause, backoff = defaultBackoff, runtime = systemRuntime }: RepeatOptions = {},
): Promise<T> {
  const wait = pause ?? ((ms) => sleep(runtime, ms, { signal }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const failsAlways = error instanceof Refusal && error.status === 500 && attempt >= internalErrors;
      if (failsAlways || isFinal(error) || signal?.aborted) throw error;
      onRetry?.(error);
      await wait(pauseAfter(attempt, backoff, runtime));
    }
  }
}
