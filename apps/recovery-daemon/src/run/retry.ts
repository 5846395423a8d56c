import { isTurnkeepError } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import type { Timers } from "./timers.js";

export interface Backoff {
  readonly logger: Logger;
  readonly timers: Timers;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/**
 * Repeats the work until it goes through, waiting twice as long each time; `null` if the signal fires first.
 * @param what names the work in the log
 * @throws Misconfigured, which no waiting mends
 */
export async function retry<T>(
  what: string,
  work: () => Promise<T>,
  { logger, timers, backoffMinMs, backoffMaxMs }: Backoff,
  signal: AbortSignal,
): Promise<T | null> {
  for (let pauseMs = backoffMinMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, backoffMaxMs)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return null;
      if (isTurnkeepError(error, "Misconfigured")) throw error;
      logger.warn({ err: error, againInMs: pauseMs }, `${what} failed`);
    }
    await timers.sleep(pauseMs, signal);
  }
  return null;
}
