import type { Runtime, TimerOptions } from "./runtime.js";

/**
 * Resolves once the time is over, or at once when the signal fires: true if the time is over, false if it was cut
 * short. Never rejects, and leaves no listener behind.
 */
export function sleep(
  runtime: Pick<Runtime, "schedule">,
  delayMs: number,
  { signal, keepAlive }: TimerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      resolve(false);
    };
    const cancel = runtime.schedule(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve(true);
      },
      delayMs,
      { keepAlive },
    );
    signal?.addEventListener("abort", stop, { once: true });
  });
}
