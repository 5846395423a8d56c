import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { Loop } from "./retry.js";

function loopWith(work: (round: number) => Promise<void>) {
  const runtime = createVirtualRuntime();
  const failures: unknown[] = [];
  const beganAt: number[] = [];
  const loop = new Loop(runtime, {
    work: () => {
      beganAt.push(runtime.monotonicMs());
      return work(beganAt.length);
    },
    everyMs: 100,
    longestPauseMs: 2_000,
    onFailure: (error) => failures.push(error),
  });
  const pauses = () => beganAt.slice(1).map((at, n) => at - (beganAt[n] ?? 0));
  return { loop, runtime, failures, beganAt, pauses };
}

test("rounds follow each other after a pause, until the loop is stopped", async () => {
  const { loop, runtime, beganAt } = loopWith(async () => {});
  loop.start(7);
  await runtime.advance(207);
  await loop.stop();
  await runtime.advance(1_000);
  expect(beganAt).toEqual([7, 107, 207]);
  expect(runtime.untilNextTimerMs()).toBeNull();
});

test("a loop that is started twice runs once", async () => {
  const { loop, runtime, beganAt } = loopWith(async () => {});
  loop.start();
  loop.start();
  await runtime.advance(250);
  await loop.stop();
  expect(beganAt).toEqual([100, 200]);
});

test("after failures the pauses grow, up to a bound, and are short again after a success", async () => {
  const { loop, runtime, failures, pauses } = loopWith(async (round) => {
    if (round <= 12) throw new Error("it is away");
  });
  loop.start();
  await runtime.advanceUntil(() => pauses().length === 14);
  await loop.stop();
  expect(failures).toHaveLength(12);
  const growing = pauses().slice(0, 12);
  expect(Math.min(...growing)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...growing)).toBeLessThanOrEqual(2_000);
  expect(Math.min(...growing.slice(-5))).toBeGreaterThanOrEqual(1_000);
  expect(new Set(growing).size).toBe(growing.length);
  expect(pauses().slice(12)).toEqual([100, 100]);
});

test("stopping waits for the round under way, and no other begins", async () => {
  let end = () => {};
  const { loop, runtime, beganAt } = loopWith(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  loop.start();
  await runtime.advance(100);
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await runtime.advance(5_000);
  expect(stopped).toBe(false);
  end();
  await stopping;
  await runtime.advance(5_000);
  expect(beganAt).toEqual([100]);
});
