import { expect, test } from "vitest";
import { createVirtualRuntime } from "./virtual.js";

test("timers run in order of their times, those of one time as they were set, each at its own time", async () => {
  const runtime = createVirtualRuntime({ startAtMs: 1_000 });
  const ran: [string, number, number][] = [];
  const note = (name: string) => () => void ran.push([name, runtime.monotonicMs(), runtime.wallClockMs()]);
  runtime.schedule(note("late"), 20);
  runtime.schedule(note("first"), 10);
  runtime.schedule(note("second"), 10);
  runtime.schedule(note("never"), 26);
  await runtime.advance(25);
  expect(ran).toEqual([
    ["first", 10, 1_010],
    ["second", 10, 1_010],
    ["late", 20, 1_020],
  ]);
  expect(runtime.monotonicMs()).toBe(25);
  expect(runtime.untilNextTimerMs()).toBe(1);
});

test("a cancelled timer never runs, and what a timer starts is followed within the same time", async () => {
  const runtime = createVirtualRuntime();
  const ran: number[] = [];
  const cancel = runtime.schedule(() => ran.push(-1), 5);
  const repeat = () => {
    ran.push(runtime.monotonicMs());
    void Promise.resolve().then(() => runtime.schedule(repeat, 10));
  };
  runtime.schedule(repeat, 10);
  cancel();
  await runtime.advance(30);
  expect(ran).toEqual([10, 20, 30]);
});

test("advancing until something happens stops there, and fails if it cannot happen or not in time", async () => {
  const runtime = createVirtualRuntime();
  let done = false;
  runtime.schedule(() => {
    done = true;
  }, 100);
  await expect(runtime.advanceUntil(() => done, 99)).rejects.toThrow("within 99 ms");
  await runtime.advanceUntil(() => done);
  expect(runtime.monotonicMs()).toBe(100);
  await expect(runtime.advanceUntil(() => false)).rejects.toThrow("nothing more happens");
});

test("after a jump each timer that came due meanwhile has run once, late", async () => {
  const runtime = createVirtualRuntime();
  const ran: number[] = [];
  const repeat = () => {
    ran.push(runtime.monotonicMs());
    runtime.schedule(repeat, 10);
  };
  runtime.schedule(repeat, 10);
  await runtime.jump(1_000);
  await runtime.advance(10);
  expect(ran).toEqual([1_000, 1_010]);
});

test("the same seed gives the same numbers and ids, another seed others", () => {
  const draw = (seed: number) => {
    const runtime = createVirtualRuntime({ seed });
    return [runtime.random(), runtime.randomId(), runtime.randomId()];
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(new Set(draw(1)).size).toBe(3);
  expect(draw(1)[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
