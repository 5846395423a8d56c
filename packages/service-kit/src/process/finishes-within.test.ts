import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { finishesWithin } from "./finishes-within.js";

test("work that finishes in time counts, and leaves no timer", async () => {
  const runtime = createVirtualRuntime();
  const work = new Promise<void>((resolve) => void runtime.schedule(resolve, 999));
  const finished = finishesWithin(runtime, work, 1_000);
  await runtime.advance(999);
  expect(await finished).toBe(true);
  expect(runtime.untilNextTimerMs()).toBeNull();
});

test("work that takes longer does not, and an error within the time is thrown", async () => {
  const runtime = createVirtualRuntime();
  const finished = finishesWithin(runtime, new Promise(() => undefined), 1_000);
  await runtime.advance(1_000);
  expect(await finished).toBe(false);
  await expect(finishesWithin(runtime, Promise.reject(new Error("no")), 1_000)).rejects.toThrow("no");
});
