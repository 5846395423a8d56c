import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test, vi } from "vitest";
import type { Logger } from "../events.js";
import { ServiceClock } from "./service-clock.js";

/** A store's service clock that shows what the test says, and a process that may have a wrong clock. */
function scene(settings: { runServiceClock?: boolean; serviceGapMs?: number } = {}) {
  const runtime = createVirtualRuntime();
  const world = { stored: 1_000, wrongBy: 0, away: false };
  const gaps: number[] = [];
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
  const ownRuntime = { ...runtime, monotonicMs: () => runtime.monotonicMs() + world.wrongBy };
  const clock = new ServiceClock(ownRuntime, {
    store: {
      beatServiceClock: async (gapMs) => {
        gaps.push(gapMs);
        if (world.away) throw new TurnkeepError("StoreUnavailable", "away", { fate: "unknown" });
        return world.stored;
      },
    },
    settings: { runServiceClock: true, serviceBeatMs: 1_000, serviceGapMs: 5_000, ...settings },
    log,
  });
  return { world, clock, gaps, log, runtime };
}

test("begins with a beat, which tells the store how much a gap may count, and beats about once a second", async () => {
  const { clock, gaps, runtime } = scene();
  await clock.start();
  expect(gaps).toEqual([5_000]);
  expect(clock.now()).toBe(1_000);
  const pause = runtime.untilNextTimerMs();
  expect(pause).toBeGreaterThanOrEqual(900);
  expect(pause).toBeLessThanOrEqual(1_100);
  await runtime.advance(11_000);
  expect(gaps.length).toBeGreaterThanOrEqual(11);
  await clock.stop();
  expect(runtime.untilNextTimerMs()).toBeNull();
});

test("goes on between beats by the process's own clock, in whole ms, and no longer than the gap", async () => {
  const { clock, world } = scene();
  await clock.start();
  world.wrongBy += 400.7;
  expect(clock.now()).toBe(1_400);
  world.wrongBy += 3_600_000;
  expect(clock.now()).toBe(6_000);
});

test("never goes back, whatever the store and the own clock say", async () => {
  const { clock, world } = scene();
  await clock.start();
  world.wrongBy += 900;
  expect(clock.now()).toBe(1_900);
  world.stored = 1_850;
  await clock.beat();
  expect(clock.now()).toBe(1_900);
  world.wrongBy -= 10_000;
  expect(clock.now()).toBe(1_900);
  world.stored = 2_000;
  await clock.beat();
  expect(clock.now()).toBe(2_000);
});

test("stands still while the store is away, reports it once, and then goes on from the store's time", async () => {
  const { clock, world, log, runtime } = scene();
  await clock.start();
  world.away = true;
  await runtime.advance(60_000);
  expect(clock.now()).toBe(6_000);
  expect(log.warn).toHaveBeenCalledTimes(1);
  world.away = false;
  world.stored = 6_100;
  await runtime.advanceUntil(() => clock.now() === 6_100, 1_200);
  expect(log.info).toHaveBeenCalledTimes(1);
});

test("a process that does not run it asks nothing and has none", async () => {
  const { clock, gaps, runtime } = scene({ runServiceClock: false });
  await clock.start();
  expect(gaps).toEqual([]);
  expect(runtime.untilNextTimerMs()).toBeNull();
  expect(() => clock.now()).toThrow(expect.objectContaining({ code: "NotRunning" }));
  await clock.stop();
});

test("a first beat that fails fails the start", async () => {
  const { clock, world } = scene();
  world.away = true;
  await expect(clock.start()).rejects.toMatchObject({ code: "StoreUnavailable" });
});
