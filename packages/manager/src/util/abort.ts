import { type Runtime, TurnkeepError, type WriteFate } from "@turnkeep/core";

export function aborted(fate: WriteFate, cause?: unknown) {
  return new TurnkeepError("Aborted", "the caller's signal fired", { fate }, { cause });
}

/** @throws Aborted (`notDone`) if the signal has fired already */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted("notDone", signal.reason);
}

/** Ends as the promise does, or rejects with Aborted as soon as the signal fires; the work itself goes on. */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  fate: WriteFate = "notDone",
): Promise<T> {
  if (signal === undefined) return work;
  return unless(work, (reject) => {
    const onAbort = () => reject(aborted(fate, signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    return () => signal.removeEventListener("abort", onAbort);
  });
}

/** Ends as the promise does, or rejects with what `late` makes once so many ms are over; the work itself goes on. */
export function unlessLate<T>(
  work: Promise<T>,
  runtime: Pick<Runtime, "schedule">,
  withinMs: number,
  late: () => Error,
): Promise<T> {
  return unless(work, (reject) => runtime.schedule(() => reject(late()), withinMs));
}

/** `arm` may reject before the work has ended, and returns what disarms it. */
function unless<T>(work: Promise<T>, arm: (reject: (error: Error) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const disarm = arm(reject);
    // Every call passes here: `finally` would make two more promises of it.
    work.then(
      (result) => {
        disarm();
        resolve(result);
      },
      (error) => {
        disarm();
        reject(error);
      },
    );
  });
}
