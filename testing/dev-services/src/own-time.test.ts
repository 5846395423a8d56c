import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ownTimeOf } from "./own-time.js";

/** Keeps the process from running anything else. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("counts what the process waits, and not how long the machine keeps it from running", async () => {
  expect(await ownTimeOf(() => delay(400))).toBeLessThanOrEqual(400);
  const held = ownTimeOf(async () => {
    await delay(50);
    hold(500);
    await delay(50);
  });
  expect(await held).toBeLessThan(300);
});

test("a wait that is too long is noticed on any machine: it counts at least as long as timers that follow each other", async () => {
  const waited = ownTimeOf(async () => {
    for (let n = 0; n < 40; n += 1) await delay(20);
  });
  expect(await waited).toBeGreaterThanOrEqual(400);
});

test("throws what the work throws", async () => {
  await expect(ownTimeOf(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
