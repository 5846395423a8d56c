import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test, vi } from "vitest";
import { repeat } from "./repeat.js";

test("work is repeated until it is cancelled, also from within", async () => {
  const runtime = createVirtualRuntime();
  const work = vi.fn();
  const cancel = repeat(runtime, 100, work);
  await runtime.advance(99);
  expect(work).not.toHaveBeenCalled();
  await runtime.advance(201);
  expect(work).toHaveBeenCalledTimes(3);
  work.mockImplementation(() => cancel());
  await runtime.advance(1_000);
  expect(work).toHaveBeenCalledTimes(4);
  expect(runtime.untilNextTimerMs()).toBeNull();
});
