import { expect, test } from "vitest";
import { Loop } from "./loop.js";

/** Timers that run when they are told to; `pauses` are those that were asked for. */
function handTimers() {
  const pauses: number[] = [];
  let due: (() => void) | null = null;
  return {
    pauses,
    setTimeout(work: () => void, ms: number) {
      pauses.push(ms);
      due = work;
    },
    clearTimeout() {
      due = null;
    },
    async fire() {
      due?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function loopWith(work: () => Promise<void>) {
  const timers = handTimers();
  const failures: unknown[] = [];
  const loop = new Loop(
    { work, everyMs: 100, longestPauseMs: 2_000, onFailure: (error) => failures.push(error) },
    timers,
  );
  return { loop, timers, failures };
}

test("rounds follow each other after a pause, until the loop is stopped", async () => {
  let rounds = 0;
  const { loop, timers } = loopWith(async () => {
    rounds += 1;
  });
  loop.start(7);
  for (let n = 0; n < 3; n++) await timers.fire();
  await loop.stop();
  await timers.fire();
  expect(rounds).toBe(3);
  expect(timers.pauses).toEqual([7, 100, 100, 100]);
});

test("after failures the pauses grow, up to a bound, and are short again after a success", async () => {
  let fails = true;
  const { loop, timers, failures } = loopWith(async () => {
    if (fails) throw new Error("it is away");
  });
  loop.start();
  for (let n = 0; n < 40; n++) await timers.fire();
  expect(failures).toHaveLength(40);
  const late = timers.pauses.slice(-10);
  expect(Math.min(...timers.pauses)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...timers.pauses)).toBeLessThanOrEqual(2_000);
  expect(Math.max(...late)).toBeGreaterThan(500);
  fails = false;
  await timers.fire();
  expect(timers.pauses.at(-1)).toBe(100);
  await loop.stop();
});

test("stopping waits for the round under way", async () => {
  let end = () => {};
  const round = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { loop, timers } = loopWith(() => round);
  loop.start();
  await timers.fire();
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  end();
  await stopping;
});
