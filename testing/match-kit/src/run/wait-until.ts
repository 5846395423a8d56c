import { pause } from "@turnkeep/service-kit";

/** Asks again and again until the answer is true; false if the time is up or the signal fires first. */
export async function waitUntil(
  holds: () => Promise<boolean>,
  { withinMs, everyMs, signal }: { withinMs: number; everyMs: number; signal: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await holds()) return true;
    if (signal.aborted || performance.now() > deadline) return false;
    await pause(everyMs, signal);
  }
}
