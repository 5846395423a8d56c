import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pause } from "./pause.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a pause lasts so long", async () => {
  const over = vi.fn();
  pause(1_000, new AbortController().signal).then(over);
  await vi.advanceTimersByTimeAsync(999);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toHaveBeenCalled();
});

test("the signal ends a pause at once and leaves no timer; after it there is none", async () => {
  const stop = new AbortController();
  const pausing = pause(1_000, stop.signal);
  stop.abort();
  await pausing;
  await pause(1_000, stop.signal);
  expect(vi.getTimerCount()).toBe(0);
});
