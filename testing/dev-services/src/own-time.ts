import { setTimeout as delay } from "node:timers/promises";

const tickMs = 20;

/**
 * How long the work takes, in ms that this process had: while a busy machine keeps it from running, nothing is counted.
 * So a bound on what this process waits for by its own timers holds on a slow machine too. A bound on what another
 * process has to do does not.
 */
export async function ownTimeOf(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  let over = false;
  const ticking = (async () => {
    for (; !over; ticks += 1) await delay(tickMs);
  })();
  try {
    await work();
  } finally {
    over = true;
  }
  const ms = ticks * tickMs;
  await ticking;
  return ms;
}
