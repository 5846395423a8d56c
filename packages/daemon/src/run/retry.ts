import { isTurnkeepError, type Pauses, pauseAfter, type Runtime, sleep } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";

export interface Backoff {
  readonly logger: Logger;
  readonly runtime: Pick<Runtime, "monotonicMs" | "random" | "schedule">;
  readonly pauses: Pauses;
}

/**
 * Repeats the work until it succeeds, after longer and longer pauses; `null` if the signal fires first.
 * @param what names the work in the log
 * @throws Misconfigured, which waiting does not repair
 */
export async function retry<T>(
  what: string,
  work: () => Promise<T>,
  { logger, runtime, pauses }: Backoff,
  signal: AbortSignal,
): Promise<T | null> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    const pauseMs = Math.round(pauseAfter(failures, pauses, runtime));
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
