import { type Runtime, sleep } from "@turnkeep/core";
import { cacheContended } from "../errors.js";
import { throwIfAborted } from "./abort.js";

/** Rounds that others may come in between before a call gives up. */
const rounds = 30;
const longestPauseMs = 50;

export interface RetryOptions {
  readonly runtime: Runtime;
  readonly gameId: string;
  readonly signal: AbortSignal | undefined;
  /** What to throw after the last round; default CacheUnavailable (`notDone`, `busy`). */
  readonly exhausted?: ((gameId: string) => Error) | undefined;
}

/**
 * Runs the round until it has an answer. A round says `again` if another call or a loss of the cache came in between:
 * the first repetition follows at once, the others after pauses that are random and grow, so that calls which are in
 * each other's way fall out of step.
 * @throws what `exhausted` gives after 30 rounds without an answer; Aborted (`notDone`) between two rounds
 */
export async function retryUntil<T>(
  { runtime, gameId, signal, exhausted = cacheContended }: RetryOptions,
  round: () => Promise<T | "again">,
): Promise<T> {
  for (let repetition = 0; repetition < rounds; repetition++) {
    if (repetition > 1) await sleep(runtime, runtime.random() * Math.min(repetition * 2, longestPauseMs), { signal });
    throwIfAborted(signal);
    const answer = await round();
    if (answer !== "again") return answer;
  }
  throw exhausted(gameId);
}
