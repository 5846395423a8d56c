import type { Runtime } from "./runtime.js";

/**
 * The platform's own clocks, timers, chance and ids; the default everywhere. It reads each of them at the call, so that
 * what is put in their place later counts. Browsers have all of it too, `randomId` in secure contexts.
 */
export const systemRuntime: Runtime = Object.freeze<Runtime>({
  monotonicMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  schedule: (work, delayMs, { keepAlive = true } = {}) => {
    const timer: unknown = setTimeout(work, delayMs);
    // Browsers' timers are numbers and keep nothing alive.
    if (!keepAlive && typeof timer === "object") (timer as { unref(): void }).unref();
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  },
  random: () => Math.random(),
  randomId: () => crypto.randomUUID(),
});
