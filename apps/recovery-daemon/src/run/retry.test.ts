import { TurnkeepError } from "@turnkeep/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { retry } from "./retry.js";
import { systemTimers } from "./timers.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const backoff = { logger, timers: systemTimers, backoffMinMs: 100, backoffMaxMs: 400 };
const never = new AbortController().signal;

test("repeats with longer and longer waits until it goes through", async () => {
  const work = vi
    .fn()
    .mockRejectedValueOnce(new Error("1"))
    .mockRejectedValueOnce(new Error("2"))
    .mockResolvedValue("ok");
  const outcome = retry("work", work, backoff, never);
  await vi.advanceTimersByTimeAsync(299);
  expect(work).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toBe("ok");
});

test("gives up when the signal fires, and at once where waiting cannot help", async () => {
  const controller = new AbortController();
  const outcome = retry("work", () => Promise.reject(new Error("no")), backoff, controller.signal);
  await vi.advanceTimersByTimeAsync(1_000);
  controller.abort();
  expect(await outcome).toBeNull();
  const misconfigured = () => Promise.reject(new TurnkeepError("Misconfigured", "set the policy", {}));
  await expect(retry("work", misconfigured, backoff, never)).rejects.toThrow("set the policy");
});
