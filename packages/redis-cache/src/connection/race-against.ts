import type { Runtime, WriteFate } from "@turnkeep/core";
import { aborted, unavailable } from "../errors.js";

export interface RaceLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is known of the work when its time is up; default `unknown`. */
  readonly fate?: WriteFate;
}

/** The work's result, unless its time is up or the signal fires first; the work itself goes on unheard. */
export function raceAgainst<T>(runtime: Pick<Runtime, "schedule">, work: Promise<T>, limits: RaceLimits): Promise<T> {
  const { timeoutMs, signal, fate = "unknown" } = limits;
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(unavailable("Redis did not answer in time", fate));
    const cancelTimer = runtime.schedule(late, Math.max(0, timeoutMs));
    const abort = () => reject(aborted(fate));
    signal?.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      cancelTimer();
      signal?.removeEventListener("abort", abort);
    });
  });
}
