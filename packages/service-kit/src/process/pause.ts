import { sleep, systemRuntime } from "@turnkeep/core";

/** Resolves after so many ms of real time, or as soon as the signal fires; never rejects. For programs without a runtime of their own. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(systemRuntime, ms, { signal });
}
