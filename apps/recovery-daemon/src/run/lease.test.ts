import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Lease } from "./lease.js";
import { systemTimers } from "./timers.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
  const store = { acquireLease: vi.fn(async () => true), releaseLease: vi.fn(async () => undefined) };
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const lease = new Lease({ store, name: "daemon", holder: "one", leaseMs: 3_000, logger, timers: systemTimers });
  return { store, lease };
}

test("opens once acquired, and is renewed three times within its length", async () => {
  const { store, lease } = setUp();
  store.acquireLease.mockResolvedValueOnce(false);
  lease.start();
  let opened = false;
  void lease.opened(new AbortController().signal).then(() => {
    opened = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect([opened, lease.held]).toEqual([false, false]);
  await vi.advanceTimersByTimeAsync(1);
  expect([opened, lease.held]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(store.acquireLease).toHaveBeenCalledTimes(5);
  expect(store.acquireLease).toHaveBeenCalledWith("daemon", "one", 3_000);
  await lease.release();
});

test("is believed no longer than its length where the store is away, and at once no more where another has it", async () => {
  const { store, lease } = setUp();
  lease.start();
  await vi.advanceTimersByTimeAsync(0);
  store.acquireLease.mockRejectedValue(new Error("away"));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(lease.held).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(lease.held).toBe(false);
  store.acquireLease.mockResolvedValue(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lease.held).toBe(true);
  store.acquireLease.mockResolvedValue(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lease.held).toBe(false);
  await lease.release();
});

test("released, it is given back, renewed no more and no longer held, also where the store is away", async () => {
  const { store, lease } = setUp();
  lease.start();
  await vi.advanceTimersByTimeAsync(0);
  store.releaseLease.mockRejectedValueOnce(new Error("away"));
  await lease.release();
  expect(store.releaseLease).toHaveBeenCalledWith("daemon", "one");
  expect(lease.held).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.acquireLease).toHaveBeenCalledTimes(1);
});

test("whoever waits for it is let go by the signal", async () => {
  const { store, lease } = setUp();
  store.acquireLease.mockResolvedValue(false);
  lease.start();
  const controller = new AbortController();
  const waiting = lease.opened(controller.signal);
  controller.abort();
  await waiting;
  expect(lease.held).toBe(false);
  await lease.release();
});
