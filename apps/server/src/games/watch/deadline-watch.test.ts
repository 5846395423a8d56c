import { TurnkeepError } from "@turnkeep/core";
import type { Logger, OnDue } from "@turnkeep/manager";
import { expect, test, vi } from "vitest";
import { watchDeadlines } from "./deadline-watch.js";

interface Turn {
  readonly turn: number;
}

function scene(round: (onDue: OnDue<Turn>) => Promise<void>) {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
  const timeOut = vi.fn(({ turn }: Turn) => ({ turn: turn + 1 }));
  const enforceDeadlines = vi.fn(async (onDue: OnDue<Turn>) => {
    await round(onDue);
    return { enforced: 0, failed: [] };
  });
  const stop = watchDeadlines({ timeOut }, { enforceDeadlines }, { everyMs: 1, logger });
  return { stop, logger, timeOut, enforceDeadlines };
}

test("looks again and again, and tells the game both clocks", async () => {
  const { stop, timeOut, enforceDeadlines } = scene(async (onDue) => void onDue({ turn: 1 }, 5_000));
  await vi.waitFor(() => expect(enforceDeadlines.mock.calls.length).toBeGreaterThan(2));
  await stop();
  expect(timeOut).toHaveBeenCalledWith({ turn: 1 }, { at: expect.any(Number), serviceMs: 5_000 });
});

test("goes on after a failure; that a store is away was told elsewhere", async () => {
  const failures: unknown[] = [
    new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" }),
    new Error("something else"),
  ];
  const { stop, logger, enforceDeadlines } = scene(async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  });
  await vi.waitFor(() => expect(enforceDeadlines.mock.calls.length).toBeGreaterThan(2));
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
