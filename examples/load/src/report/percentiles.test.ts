import { expect, test } from "vitest";
import { spreadOf } from "./percentiles.js";

test("each figure is the smallest that so many are not above", () => {
  const values = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
  expect(spreadOf(values)).toEqual({ count: 1_000, p50: 500, p95: 950, p99: 990, max: 1_000 });
  expect(spreadOf([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  expect(spreadOf([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
});
