import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { beforeEach, expect, test, vi } from "vitest";
import { Lease } from "./lease.js";

let runtime = createVirtualRuntime();
beforeEach(() => {
  runtime = createVirtualRuntime();
});

function setUp() {
  const store = { acquireLease: vi.fn(async () => true), releaseLease: vi.fn(async () => undefined) };
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const lease = new Lease({ store, name: "daemon", holder: "one", leaseMs: 3_000, logger, runtime });
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
  await runtime.advance(999);
  expect([opened, lease.held]).toEqual([false, false]);
  await runtime.advance(1);
  expect([opened, lease.held]).toEqual([true, true]);
  await runtime.advance(3_000);
  expect(store.acquireLease).toHaveBeenCalledTimes(5);
  expect(store.acquireLease).toHaveBeenCalledWith("daemon", "one", 3_000);
  await lease.release();
});

test("is held no longer than its length while the store is away, and ends at once when another process has it", async () => {
  const { store, lease } = setUp();
  lease.start();
  await runtime.advance(0);
  store.acquireLease.mockRejectedValue(new Error("away"));
  await runtime.advance(2_999);
  expect(lease.held).toBe(true);
  await runtime.advance(1);
  expect(lease.held).toBe(false);
  store.acquireLease.mockResolvedValue(true);
  await runtime.advance(1_000);
  expect(lease.held).toBe(true);
  store.acquireLease.mockResolvedValue(false);
  await runtime.advance(1_000);
  expect(lease.held).toBe(false);
  await lease.release();
});

test("released, it is given back, renewed no more and no longer held, also while the store is away", async () => {
  const { store, lease } = setUp();
  lease.start();
  await runtime.advance(0);
  store.releaseLease.mockRejectedValueOnce(new Error("away"));
  await lease.release();
  expect(store.releaseLease).toHaveBeenCalledWith("daemon", "one");
  expect(lease.held).toBe(false);
  await runtime.advance(10_000);
  expect(store.acquireLease).toHaveBeenCalledTimes(1);
});

test("the signal ends all waiting for it", async () => {
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
