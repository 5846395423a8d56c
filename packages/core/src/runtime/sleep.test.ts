import { expect, test, vi } from "vitest";
import { sleep } from "./sleep.js";
import { createVirtualRuntime } from "./virtual.js";

function watched() {
  const { signal, abort } = ((stop) => ({ signal: stop.signal, abort: () => stop.abort() }))(new AbortController());
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  return { signal, abort, added, removed };
}

test("a sleep that is over is true, and leaves no listener on its signal", async () => {
  const runtime = createVirtualRuntime();
  const { signal, added, removed } = watched();
  const slept = sleep(runtime, 10, { signal });
  await runtime.advance(10);
  expect(await slept).toBe(true);
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
});

test("a signal cuts a sleep short, which is false, and leaves neither timer nor listener", async () => {
  const runtime = createVirtualRuntime();
  const { signal, abort, added } = watched();
  const slept = sleep(runtime, 10, { signal });
  abort();
  expect(await slept).toBe(false);
  expect(runtime.untilNextTimerMs()).toBeNull();
  expect(added).toHaveBeenCalledWith("abort", expect.any(Function), { once: true });
  expect(await sleep(runtime, 10, { signal })).toBe(false);
  expect(added).toHaveBeenCalledTimes(1);
});
