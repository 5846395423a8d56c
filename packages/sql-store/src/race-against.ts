import type { WriteFate } from "@turnkeep/core";
import { aborted, unavailable } from "./errors.js";

export interface RaceLimits {
  /** 0: no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is known of the work when its time is up or the signal fires. */
  readonly fate: WriteFate;
}

/** The work's result, unless its time is up or the signal fires first; the work itself goes on unheard. */
export function raceAgainst<T>(work: Promise<T>, { timeoutMs, signal, fate }: RaceLimits): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(unavailable("Postgres did not answer in time", fate));
    const timer = timeoutMs > 0 ? setTimeout(late, timeoutMs) : undefined;
    const abort = () => reject(aborted(fate));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  });
}
