import { TurnkeepError } from "@turnkeep/core";
import { expect, test, vi } from "vitest";
import { settingsSchema } from "../settings.js";
import type { Logger } from "../types.js";
import { ServiceClock } from "./service-clock.js";

/** A store's service clock that stands at what the test says, and a process that has its own idea of time. */
function scene(settings: { runServiceClock?: boolean; serviceGapMs?: number } = {}) {
  const world = { stored: 1_000, own: 50_000, away: false };
  const gaps: number[] = [];
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
  const timers = { setTimeout: vi.fn((_work: () => void, _ms: number) => 1), clearTimeout: vi.fn() };
  const clock = new ServiceClock({
    store: {
      beatServiceClock: async (gapMs) => {
        gaps.push(gapMs);
        if (world.away) throw new TurnkeepError("StoreUnavailable", "away", { fate: "unknown" });
        return world.stored;
      },
    },
    settings: settingsSchema.parse({ runServiceClock: true, serviceGapMs: 5_000, ...settings }),
    log,
    monotonic: () => world.own,
    timers,
  });
  const nextRound = () => timers.setTimeout.mock.lastCall?.[0]();
  return { world, clock, gaps, log, timers, nextRound };
}

test("begins with a beat, which tells the store how much a gap may count", async () => {
  const { clock, gaps, timers } = scene();
  await clock.start();
  expect(gaps).toEqual([5_000]);
  expect(clock.now()).toBe(1_000);
  const pause = timers.setTimeout.mock.lastCall?.[1];
  expect(pause).toBeGreaterThanOrEqual(900);
  expect(pause).toBeLessThanOrEqual(1_100);
});

test("goes on between beats by the process's own clock, in whole ms, and no longer than the gap", async () => {
  const { clock, world } = scene();
  await clock.start();
  world.own += 400.7;
  expect(clock.now()).toBe(1_400);
  world.own += 3_600_000;
  expect(clock.now()).toBe(6_000);
});

test("never goes back, whatever the store and the own clock say", async () => {
  const { clock, world } = scene();
  await clock.start();
  world.own += 900;
  expect(clock.now()).toBe(1_900);
  world.stored = 1_850;
  await clock.beat();
  expect(clock.now()).toBe(1_900);
  world.own -= 10_000;
  expect(clock.now()).toBe(1_900);
  world.stored = 2_000;
  await clock.beat();
  expect(clock.now()).toBe(2_000);
});

test("stands still while the store is away, tells of it once, and then goes on from the store's time", async () => {
  const { clock, world, log, nextRound, timers } = scene();
  await clock.start();
  world.away = true;
  for (const rounds of [2, 3]) {
    nextRound();
    await vi.waitFor(() => expect(timers.setTimeout).toHaveBeenCalledTimes(rounds));
  }
  expect(log.warn).toHaveBeenCalledTimes(1);
  world.own += 60_000;
  expect(clock.now()).toBe(6_000);
  world.away = false;
  world.stored = 6_100;
  nextRound();
  await vi.waitFor(() => expect(clock.now()).toBe(6_100));
  expect(log.info).toHaveBeenCalledTimes(1);
});

test("a process that does not run it asks nothing and has none", async () => {
  const { clock, gaps, timers } = scene({ runServiceClock: false });
  await clock.start();
  expect(gaps).toEqual([]);
  expect(timers.setTimeout).not.toHaveBeenCalled();
  expect(() => clock.now()).toThrow(expect.objectContaining({ code: "NotRunning" }));
  await clock.stop();
});

test("a first beat that fails is told to whoever starts it", async () => {
  const { clock, world } = scene();
  world.away = true;
  await expect(clock.start()).rejects.toMatchObject({ code: "StoreUnavailable" });
});
