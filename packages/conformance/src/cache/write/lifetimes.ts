import { describe, expect, test } from "vitest";
import { cleanGame, dirtyGame, rowOf, sealOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

/** Only clean copies may expire. Registered only where copies have a lifetime that can be read. */
export function lifetimeTests(bench: () => CacheBench, { lifetimeMs, makeUnverified }: CacheUnderTest): void {
  if (!lifetimeMs) return;

  describe("lifetime", () => {
    test("an installed copy has one, a write takes it away, its acknowledgement gives it back", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      expect(await lifetimeMs(gameId)).toBeGreaterThan(0);
      await cache.write(gameId, writeOf(at));
      expect(await lifetimeMs(gameId)).toBeNull();
      await cache.ack(gameId, version("20.6"), 5);
      expect(await lifetimeMs(gameId)).toBeGreaterThan(0);
    });

    test("a sealed copy has none until it is flushed", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      await cache.seal(gameId, sealOf(at));
      expect(await lifetimeMs(gameId)).toBeNull();
    });

    test("what changes nothing gives none to a dirty copy", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      await cache.read(gameId);
      await cache.write(gameId, writeOf(version("20.1")));
      await cache.ack(gameId, version("20.5"), 4);
      await cache.ack(gameId, version("19.6"), 5);
      await cache.adopt(gameId, "20", "31");
      await cache.claim({ limit: 10, hideMs: 60_000 });
      await cache.evict(gameId, at);
      expect(await lifetimeMs(gameId)).toBeNull();
    });

    test("a write that is refused leaves a clean copy its lifetime", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache);
      await cache.write(gameId, writeOf(version("20.1")));
      await cache.adopt(gameId, "20", "31");
      expect(await lifetimeMs(gameId)).toBeGreaterThan(0);
    });

    test("a reset copy has one", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await cache.reset(gameId, "20", rowOf(gameId, { version: version("25.3"), fence: "26" }));
      expect(await lifetimeMs(gameId)).toBeGreaterThan(0);
    });

    if (makeUnverified) {
      test("an unverified copy that is kept has none, since the store may lack its version", async () => {
        const { cache } = bench();
        const { gameId } = await cleanGame(cache);
        await makeUnverified(gameId);
        await cache.read(gameId, { token: "load" });
        await cache.install(gameId, "load", rowOf(gameId, { version: version("10.4"), fence: "30" }));
        expect(await lifetimeMs(gameId)).toBeNull();
      });
    }
  });
}
