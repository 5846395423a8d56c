import type { Cache } from "@turnkeep/core/ports";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { belongingTests } from "./belonging.js";
import type { CacheBench, CacheUnderTest } from "./cache-under-test.js";
import { evictingTests } from "./end/evicting.js";
import { acknowledgingTests } from "./flush/acknowledging.js";
import { claimingTests } from "./flush/claiming.js";
import { reconcilingTests } from "./flush/reconciling.js";
import { cacheLifecycleTests } from "./lifecycle.js";
import { scanAll, sweepingTests } from "./lists/sweeping.js";
import { readingTests } from "./load/reading.js";
import { subscribingTests } from "./load/subscribing.js";
import { unverifiedTests } from "./load/unverified.js";
import { textAndNumberTests } from "./texts-and-numbers.js";
import { lifetimeTests } from "./write/lifetimes.js";
import { logAndStateTests } from "./write/log-and-state.js";
import { metadataTests } from "./write/metadata.js";
import { sealingTests } from "./write/sealing.js";
import { writeIdTests } from "./write/write-ids.js";
import { writingTests } from "./write/writing.js";

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

    describe("life of the cache", () => {
      test("knows whether it can detect a failover, as the suite's hooks say", () => {
        expect(bench().cache.detectsFailover).toBe(hooks.makeUnverified !== undefined);
      });
      cacheLifecycleTests(bench, hooks);
    });
    describe("loads", () => {
      readingTests(bench);
      unverifiedTests(bench, hooks);
      subscribingTests(bench);
    });
    describe("writes", () => {
      writingTests(bench, hooks);
      sealingTests(bench);
      metadataTests(bench, hooks);
      writeIdTests(bench);
      logAndStateTests(bench);
      lifetimeTests(bench, hooks);
      textAndNumberTests(bench);
    });
    describe("flushes", () => {
      claimingTests(bench, hooks);
      acknowledgingTests(bench);
      reconcilingTests(bench);
    });
    describe("the end of a copy", () => evictingTests(bench, hooks));
    describe("lists and clock", () => sweepingTests(bench, hooks));
    describe("whose games these are", () => belongingTests(bench));
  });
}

/** Leaves no copy and no mark of the test before. */
async function evictAll(cache: Cache): Promise<void> {
  for (const gameId of await scanAll(cache, 1_000)) await cache.evict(gameId);
  const far = { limit: 1_000, hideMs: 0, dueWithinMs: 24 * 3_600_000 };
  const { copies, unverified } = await cache.claim(far);
  if (copies.length + unverified.length > 0) throw new Error("games of the test before are still there");
}
