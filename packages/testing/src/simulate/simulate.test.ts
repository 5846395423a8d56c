import { expect, test } from "vitest";
import { simulate } from "../index.js";
import { howToPlay, showdown } from "../testing/showdown.js";

test("a month of correspondence survives fifty crashes and lost replies, and the same seed gives the same month", async () => {
  const month = await simulate(showdown, howToPlay, { seed: 1, days: 30, crashes: 50 });
  expect(month.crashes).toBe(50);
  expect(month.lostReplies).toBeGreaterThan(20);
  expect(month.deadlines).toBeGreaterThan(5);
  expect(month.ended).toBeGreaterThan(5);
  expect(await simulate(showdown, howToPlay, { seed: 1, days: 30, crashes: 50 })).toEqual(month);
});
