import { sleep as sleepIn, systemRuntime } from "@turnkeep/core";
import { patienceMs } from "@turnkeep/dev-services";

/* The one place that reads clocks and draws ids. The suite tests real servers, so its time is real. */

/** ms of a clock that never goes back; only differences mean something. */
export const now = systemRuntime.monotonicMs;
/** ms since the epoch, by this machine's clock. */
export const wallClockMs = systemRuntime.wallClockMs;
export const randomId = systemRuntime.randomId;
/** Runs `work` once, `delayMs` from now. Returns what cancels it. */
export const schedule = systemRuntime.schedule;

export async function sleep(ms: number): Promise<void> {
  await sleepIn(systemRuntime, ms);
}

/**
 * Repeats `attempt` until it answers something else than false, and returns that.
 * @param problem what to say if it does not within the patience of the tests
 * @throws Error with that message; what `attempt` throws, at once
 */
export async function until<T>(attempt: () => Promise<T | false>, problem: () => string, pauseMs = 50): Promise<T> {
  const deadline = now() + patienceMs;
  for (;;) {
    const answer = await attempt();
    if (answer !== false) return answer;
    if (now() > deadline) throw new Error(problem());
    await sleep(pauseMs);
  }
}
