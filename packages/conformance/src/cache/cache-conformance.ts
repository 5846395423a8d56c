import type { Cache } from "@turnkeep/core/ports";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acknowledgingTests } from "./acknowledging.js";
import type { CacheBench, CacheUnderTest } from "./cache-under-test.js";
import { claimingTests } from "./claiming.js";
import { evictingTests } from "./evicting.js";
import { cacheLifecycleTests } from "./lifecycle.js";
import { lifetimeTests } from "./lifetimes.js";
import { logAndStateTests } from "./log-and-state.js";
import { readingTests } from "./reading.js";
import { reconcilingTests } from "./reconciling.js";
import { sealingTests } from "./sealing.js";
import { subscribingTests } from "./subscribing.js";
import { scanAll, sweepingTests } from "./sweeping.js";
import { textAndNumberTests } from "./texts-and-numbers.js";
import { unverifiedTests } from "./unverified.js";
import { writeIdTests } from "./write-ids.js";
import { writingTests } from "./writing.js";

/**
 * Registers the tests that every cache must pass, in a file of Vitest. Before each test, all games of the place that
 * the caches share are evicted.
 * @example
 * cacheConformance({ name: "memory", createCache: () => createMemoryCache({ space }) });
 */
export function cacheConformance(hooks: CacheUnderTest): void {
  describe(`${hooks.name}: a cache`, () => {
    let current: CacheBench | undefined;
    const bench = (): CacheBench => {
      if (current === undefined) throw new Error("the caches are not started");
      return current;
    };
    beforeAll(async () => {
      const [cache, other] = [hooks.createCache(), hooks.createCache()];
      await Promise.all([cache.start(), other.start()]);
      current = { cache, other, hooks };
    });
    afterAll(async () => {
      await Promise.all([current?.cache.close(), current?.other.close()]);
    });
    beforeEach(() => evictAll(bench().cache));

    test("says whether it can tell a failover, and the suite was told the same", () => {
      expect(bench().cache.detectsFailover).toBe(hooks.makeUnverified !== undefined);
    });
    readingTests(bench);
    writingTests(bench, hooks);
    sealingTests(bench);
    writeIdTests(bench);
    claimingTests(bench, hooks);
    acknowledgingTests(bench);
    reconcilingTests(bench);
    unverifiedTests(bench, hooks);
    evictingTests(bench, hooks);
    lifetimeTests(bench, hooks);
    logAndStateTests(bench);
    sweepingTests(bench, hooks);
    subscribingTests(bench);
    textAndNumberTests(bench);
    cacheLifecycleTests(bench);
  });
}

/** Leaves no copy and no mark of the test before. */
async function evictAll(cache: Cache): Promise<void> {
  for (const gameId of await scanAll(cache, 1_000)) await cache.evict(gameId);
  const far = { limit: 1_000, hideMs: 0, dueWithinMs: 24 * 3_600_000 };
  const { copies, unverified } = await cache.claim(far);
  if (copies.length + unverified.length > 0) throw new Error("games of the test before are still there");
}
