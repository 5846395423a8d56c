import { expect, test } from "vitest";
import { Tally } from "./tally.js";

test("each key has places up to the limit, and a place is given back once", () => {
  const tally = new Tally(2);
  const first = tally.take("a");
  expect([tally.take("a"), tally.take("b")]).not.toContain(null);
  expect(tally.take("a")).toBeNull();
  first?.();
  first?.();
  expect(tally.take("a")).not.toBeNull();
  expect(tally.isFull("a")).toBe(true);
});

test("a limit of 0 is none", () => {
  const tally = new Tally(0);
  for (let count = 0; count < 100; count += 1) expect(tally.take("a")).not.toBeNull();
});
