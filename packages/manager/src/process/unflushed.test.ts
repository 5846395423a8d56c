import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { UnflushedGames } from "./unflushed.js";

function scene() {
  const runtime = createVirtualRuntime();
  return { runtime, unflushed: new UnflushedGames(runtime, { firstMs: 100, longestMs: 3_000 }) };
}

test("a game that fails again and again is due later and later, up to a bound", async () => {
  const { runtime, unflushed } = scene();
  const pauses: number[] = [];
  for (let n = 0; n < 10; n++) {
    unflushed.failed("a");
    let pause = 0;
    for (; unflushed.toRetry("due").length === 0; pause += 10) await runtime.advance(10);
    pauses.push(pause);
  }
  expect(pauses[0]).toBeLessThanOrEqual(100);
  expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(1_500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(3_000);
  expect(unflushed.toRetry("all")).toEqual(["a"]);
});

test("how late the oldest failing game is counts from its first failure, and a success begins anew", async () => {
  const { runtime, unflushed } = scene();
  unflushed.failed("a");
  await runtime.advance(500);
  unflushed.failed("a");
  unflushed.failed("b");
  await runtime.advance(500);
  expect(unflushed.oldestFailingMs()).toBe(1_000);
  unflushed.succeeded("a");
  expect(unflushed.oldestFailingMs()).toBe(500);
  expect(unflushed.isFailing("a")).toBe(false);
  unflushed.delete("b");
  expect(unflushed.oldestFailingMs()).toBe(0);
});
