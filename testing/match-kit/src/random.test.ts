import { expect, test } from "vitest";
import { between, fork, pick, seeded } from "./random.js";

test("the same seed gives the same numbers, another seed others, spread over their range", () => {
  const draw = (seed: number) => {
    const random = seeded(seed);
    return Array.from({ length: 1_000 }, () => random());
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  const numbers = draw(3);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.reduce((sum, number) => sum + number, 0) / 1_000).toBeCloseTo(0.5, 1);
});

test("a fork draws from numbers of its own", () => {
  const random = seeded(1);
  const forked = fork(random);
  expect(forked()).not.toBe(random());
});

test("choices stay within what is offered", () => {
  const random = seeded(4);
  for (let i = 0; i < 100; i += 1) {
    expect(["a", "b"]).toContain(pick(random, ["a", "b"]));
    expect(between(random, 5, 6)).toBeGreaterThanOrEqual(5);
  }
  expect(pick(random, [])).toBeUndefined();
});
