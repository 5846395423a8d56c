import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { Emitter } from "../events.js";
import { OrphanedGames } from "./reported-games.js";

function scene() {
  const runtime = createVirtualRuntime();
  let lines = 0;
  const log = { debug() {}, info() {}, warn() {}, error: () => void lines++ };
  const events = new Emitter(log);
  let alarms = 0;
  events.on("flush:orphan", () => void alarms++);
  const orphans = new OrphanedGames(runtime, events, log);
  return { runtime, orphans, reported: () => ({ lines, alarms }) };
}

test("20,000 orphans that are met every few seconds are an event and a line each, and no more", () => {
  const { orphans, reported } = scene();
  for (let round = 0; round < 10; round++) for (let n = 0; n < 20_000; n++) orphans.report(`game ${n}`);
  expect(reported()).toEqual({ lines: 20_000, alarms: 20_000 });
  expect(orphans.count()).toBe(20_000);
});

test("however many they are, memory is bounded, and what it cannot hold is not reported again and again", () => {
  const { orphans, reported } = scene();
  for (let round = 0; round < 2; round++) for (let n = 0; n < 150_000; n++) orphans.report(`game ${n}`);
  expect(reported()).toEqual({ lines: 100_000, alarms: 100_000 });
  expect(orphans.count()).toBe(100_000);
});

test("one that has a row again, or is not met any more, is none", async () => {
  const { runtime, orphans, reported } = scene();
  await runtime.advance(1);
  for (const gameId of ["a", "b", "c"]) orphans.report(gameId);
  orphans.delete("a");
  expect(orphans.count()).toBe(2);
  await runtime.advance(9 * 60_000);
  orphans.report("b");
  await runtime.advance(2 * 60_000);
  expect(orphans.count()).toBe(1);
  orphans.report("c");
  expect(reported()).toEqual({ lines: 4, alarms: 4 });
});
