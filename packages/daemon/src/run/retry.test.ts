import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { beforeEach, expect, test, vi } from "vitest";
import { retry } from "./retry.js";

let runtime = createVirtualRuntime();
beforeEach(() => {
  runtime = createVirtualRuntime();
});

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const backoff = () => ({ logger, runtime, pauses: { firstMs: 100, longestMs: 400 } });
const never = new AbortController().signal;

test("repeats with longer and longer waits until it succeeds", async () => {
  const work = vi
    .fn()
    .mockRejectedValueOnce(new Error("1"))
    .mockRejectedValueOnce(new Error("2"))
    .mockResolvedValue("ok");
  const outcome = retry("work", work, backoff(), never);
  await runtime.advance(49);
  expect(work).toHaveBeenCalledTimes(1);
  await runtime.advance(100);
  expect(work).toHaveBeenCalledTimes(2);
  await runtime.advance(200);
  expect(await outcome).toBe("ok");
});

test("gives up when the signal fires, and at once if waiting cannot help", async () => {
  const controller = new AbortController();
  const outcome = retry("work", () => Promise.reject(new Error("no")), backoff(), controller.signal);
  await runtime.advance(1_000);
  controller.abort();
  expect(await outcome).toBeNull();
  const misconfigured = () => Promise.reject(new TurnkeepError("Misconfigured", "set the policy", {}));
  await expect(retry("work", misconfigured, backoff(), never)).rejects.toThrow("set the policy");
});
