import { isTurnkeepError, type Runtime, sleep } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";

export interface Backoff {
  readonly logger: Logger;
  readonly runtime: Pick<Runtime, "monotonicMs" | "schedule">;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/**
 * Repeats the work until it succeeds, waiting twice as long each time; `null` if the signal fires first.
 * @param what names the work in the log
 * @throws Misconfigured, which waiting does not repair
 */
export async function retry<T>(
  what: string,
  work: () => Promise<T>,
  { logger, runtime, backoffMinMs, backoffMaxMs }: Backoff,
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
    await sleep(runtime, pauseMs, { signal });
  }
  return null;
}
