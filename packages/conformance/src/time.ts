import { expect, vi } from "vitest";
import { patience } from "./fixtures.js";

/**
 * Resolves once more than so many ms have passed by the port's own clock.
 * @param passTime moves that clock; without it, the clock goes on by itself
 */
export async function pass(
  port: { now(): Promise<number> },
  ms: number,
  passTime?: (ms: number) => Promise<void>,
): Promise<void> {
  const until = (await port.now()) + ms;
  await passTime?.(ms + 1);
  await vi.waitFor(async () => expect(await port.now()).toBeGreaterThan(until), patience);
}
