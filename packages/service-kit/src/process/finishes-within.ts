import { type Runtime, sleep } from "@turnkeep/core";

/** Whether the work finishes within so many ms; it goes on in any case. @throws what the work throws within that time */
export async function finishesWithin(
  runtime: Pick<Runtime, "schedule">,
  work: Promise<unknown>,
  withinMs: number,
): Promise<boolean> {
  const finished = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      sleep(runtime, withinMs, { signal: finished.signal, keepAlive: false }).then(() => false),
    ]);
  } finally {
    finished.abort();
  }
}
