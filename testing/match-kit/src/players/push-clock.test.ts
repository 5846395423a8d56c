import { expect, test } from "vitest";
import { PushClock } from "./push-clock.js";

test("a push is reported once, in either order answer and view come", () => {
  const pushes: number[] = [];
  const clock = new PushClock((tookMs) => pushes.push(tookMs));
  clock.sent("1.2", 100);
  clock.shown("1.2", 130);
  clock.shown("1.2", 190);
  clock.shown("1.3", 220);
  clock.sent("1.3", 200);
  expect(pushes).toEqual([30, 20]);
});

test("a version that was never shown, or that nobody made, counts for nothing", () => {
  const pushes: number[] = [];
  const clock = new PushClock((tookMs) => pushes.push(tookMs));
  clock.sent("1.2", 100);
  clock.shown("1.3", 130);
  expect(pushes).toEqual([]);
});
