import { setTimeout as wait } from "node:timers/promises";
import { TurnkeepError, type WriteFate } from "@turnkeep/core";

export function aborted(fate: WriteFate, cause?: unknown) {
  return new TurnkeepError("Aborted", "the caller's signal fired", { fate }, { cause });
}

/** @throws Aborted (`notDone`) if the signal has fired already */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted("notDone", signal.reason);
}

/** Settles as the promise does, or rejects with Aborted as soon as the signal fires; the work itself goes on. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  fate: WriteFate = "notDone",
): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    work.catch(() => undefined);
    throw aborted(fate, signal.reason);
  }
  let onAbort = () => {};
  const fired = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(aborted(fate, signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, fired]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Waits a random time that grows with the attempt (from 1): at most `attempt` × 2 ms, never over 50 ms. */
export async function backOff(attempt: number, signal?: AbortSignal | undefined): Promise<void> {
  const ms = Math.random() * Math.min(attempt * 2, 50);
  await unlessAborted(wait(ms), signal);
}
