import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.js";

test("twice the rate passes at once, then only the rate", () => {
  let now = 0;
  const bucket = new TokenBucket(10, () => now);
  const take = (times: number) => Array.from({ length: times }, () => bucket.take()).filter(Boolean).length;
  expect(take(25)).toBe(20);
  now += 500;
  expect(take(25)).toBe(5);
  now += 60_000;
  expect(take(25)).toBe(20);
});
