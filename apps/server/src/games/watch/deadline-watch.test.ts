import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import type { Logger, OnDue } from "@turnkeep/manager";
import { expect, test, vi } from "vitest";
import { watchDeadlines } from "./deadline-watch.js";

interface Turn {
  readonly turn: number;
}

function scene(round: (onDue: OnDue<Turn>) => Promise<void>) {
  const runtime = createVirtualRuntime();
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
  const timeOut = vi.fn(({ turn }: Turn) => ({ turn: turn + 1 }));
  const enforceDeadlines = vi.fn(async (onDue: OnDue<Turn>) => {
    await round(onDue);
    return { enforced: 0, failed: [] };
  });
  const stop = watchDeadlines({ timeOut }, { enforceDeadlines }, { everyMs: 1_000, logger, runtime });
  return { stop, runtime, logger, timeOut, enforceDeadlines };
}

test("looks again and again, and gives the game both clocks", async () => {
  const { stop, runtime, timeOut, enforceDeadlines } = scene(
    async (onDue) => void onDue({ turn: 1 }, 5_000, { rulesVersion: 1 }),
  );
  await runtime.advance(4_000);
  expect(enforceDeadlines.mock.calls.length).toBeGreaterThan(2);
  await stop();
  expect(timeOut).toHaveBeenNthCalledWith(1, { turn: 1 }, { at: Date.UTC(2026, 0, 1), serviceMs: 5_000 });
});

test("goes on after a failure; that a store is away is reported elsewhere", async () => {
  const failures: unknown[] = [
    new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" }),
    new Error("something else"),
  ];
  const { stop, runtime, logger, enforceDeadlines } = scene(async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  });
  await runtime.advance(4_000);
  expect(enforceDeadlines.mock.calls.length).toBeGreaterThan(2);
  await stop();
  expect(logger.debug).toHaveBeenCalledTimes(1);
  expect(logger.error).toHaveBeenCalledTimes(1);
});

test("stopping waits for the round under way and begins no other", async () => {
  let finish = () => {};
  const under = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { stop, enforceDeadlines } = scene(() => under);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect(enforceDeadlines).toHaveBeenCalledTimes(1);
});
