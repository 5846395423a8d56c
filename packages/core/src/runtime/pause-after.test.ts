import { expect, test } from "vitest";
import { pauseAfter } from "./pause-after.js";

const pauses = { firstMs: 250, longestMs: 4_000 };
const chance = (random: number) => ({ random: () => random });

test("a pause doubles with each failure up to its bound, and is by chance up to a half shorter", () => {
  expect([1, 2, 3, 5, 6, 1_000, 10_000].map((failures) => pauseAfter(failures, pauses, chance(0)))).toEqual([
    250, 500, 1_000, 4_000, 4_000, 4_000, 4_000,
  ]);
  expect(pauseAfter(1, pauses, chance(1))).toBe(125);
  expect(pauseAfter(1_000, pauses, chance(1))).toBe(2_000);
});
