import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { Registry } from "prom-client";
import { expect, test, vi } from "vitest";
import { sampleUpdates, showPool } from "./store-metrics.js";

test("updates of games are sampled every minute, never at a scrape, and what Postgres counts anew counts anew", async () => {
  const runtime = createVirtualRuntime();
  const register = new Registry();
  const countUpdates = vi.fn(async () => ({ updates: 10, hot: 9 }));
  const shown = async () =>
    [...(await register.metrics()).matchAll(/^turnkeep_\w+ (\d+)$/gm)].map(([, value]) => value);
  const stop = sampleUpdates({ countUpdates }, register, runtime);
  await runtime.runReady();
  expect([await shown(), await shown()]).toEqual([
    ["10", "9"],
    ["10", "9"],
  ]);
  expect(countUpdates).toHaveBeenCalledOnce();
  countUpdates.mockRejectedValueOnce(new Error("away")).mockResolvedValue({ updates: 2, hot: 1 });
  await runtime.advance(60_000);
  expect(await shown()).toEqual(["10", "9"]);
  await runtime.advance(60_000);
  expect(await shown()).toEqual(["2", "1"]);
  stop();
  await runtime.advance(600_000);
  expect(countUpdates).toHaveBeenCalledTimes(3);
});

test("a store without a pool has no metrics of one", async () => {
  const register = new Registry();
  showPool({}, register);
  expect(await register.metrics()).not.toContain("turnkeep");
});
