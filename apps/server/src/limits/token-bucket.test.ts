import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.js";

function bucketAt() {
  const clock = { now: 0 };
  return { clock, bucket: new TokenBucket({ perSecond: 10, atOnce: 20 }, () => clock.now) };
}

test("so many pass at once, then only the rate", () => {
  const { clock, bucket } = bucketAt();
  const take = (times: number) =>
    Array.from({ length: times }, () => bucket.take()).filter((wait) => wait === 0).length;
  expect(take(25)).toBe(20);
  clock.now += 500;
  expect(take(25)).toBe(5);
  clock.now += 60_000;
  expect(take(25)).toBe(20);
});

test("what is dearer than all that is left passes, and the next waits until it is paid for", () => {
  const { clock, bucket } = bucketAt();
  expect(bucket.take(64)).toBe(0);
  expect(bucket.take()).toBe(4_500);
  clock.now += 4_400;
  expect(bucket.take()).toBeGreaterThan(0);
  clock.now += 200;
  expect(bucket.take()).toBe(0);
});
