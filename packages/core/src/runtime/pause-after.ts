import type { Runtime } from "./runtime.js";

export interface Pauses {
  /** About as long as the first pause is. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to pause after so many failures in a row (from 1), in ms: twice as long each time, up to the longest. Up to
 * half of it is left off at random, so that processes that failed together do not try again together.
 */
export function pauseAfter(failures: number, { firstMs, longestMs }: Pauses, runtime: Pick<Runtime, "random">): number {
  const full = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return full * (1 - runtime.random() / 2);
}
