import { describe, expect, test } from "vitest";
import { cleanGame, dirtyGame, newGameId, rowOf, sealOf, version, writeOf } from "../fixtures.js";
import type { CacheBench, CacheUnderTest } from "./cache-under-test.js";

export function cacheLifecycleTests(
  bench: () => CacheBench,
  { flushAll, changeEpoch }: Pick<CacheUnderTest, "flushAll" | "changeEpoch">,
): void {
  describe("lifecycle", () => {
    test("a cache that is not started, or closed, answers NotRunning", async () => {
      const cache = bench().hooks.createCache();
      const refused = { code: "NotRunning" };
      await expect(cache.ping()).rejects.toMatchObject(refused);
      await cache.start();
      await cache.start();
      await cache.ping();
      await cache.close();
      await cache.close();
      await expect(cache.read(newGameId())).rejects.toMatchObject(refused);
      await expect(cache.claim({ limit: 1, hideMs: 1 })).rejects.toMatchObject(refused);
    });

    test("what one cache wrote outlives its close", async () => {
      const { cache, hooks } = bench();
      const shortLived = hooks.createCache();
      await shortLived.start();
      const { gameId, at } = await dirtyGame(shortLived);
      await shortLived.close();
      expect(await cache.read(gameId, { known: at })).toMatchObject({ kind: "same" });
    });

    test("a call whose signal has fired already does nothing and says so", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const options = { signal: AbortSignal.abort() };
      const aborted = { code: "Aborted", details: { fate: "notDone" } };
      await expect(cache.write(gameId, writeOf(at), options)).rejects.toMatchObject(aborted);
      await expect(cache.seal(gameId, sealOf(at), options)).rejects.toMatchObject(aborted);
      await expect(cache.evict(gameId, undefined, options)).rejects.toMatchObject(aborted);
      await expect(cache.read(gameId, {}, options)).rejects.toMatchObject(aborted);
      expect(await cache.read(gameId, { known: at })).toMatchObject({ kind: "same" });
    });

    test("all learn one name of what is held, which play does not change", async () => {
      const { cache, other } = bench();
      const name = await cache.identity();
      const { gameId } = await dirtyGame(cache);
      await cache.evict(gameId);
      expect([await other.identity(), await cache.identity()]).toEqual([name, name]);
    });

    for (const [what, happens] of [
      ["all copies are lost, also while connections stay", flushAll],
      ["another server takes over", changeEpoch],
    ] as const) {
      if (happens === undefined) continue;
      test(`once ${what}, it has another name for all`, async () => {
        const { cache, other } = bench();
        const name = await cache.identity();
        await happens();
        const next = await cache.identity();
        expect(next).not.toBe(name);
        expect([await other.identity(), await cache.identity()]).toEqual([next, next]);
      });
    }

    test.each(["", "game", "{3F0C2A52-6F0E-4B43-9A51-0A3F5B1D7C11}", "3F0C2A52-6F0E-4B43-9A51-0A3F5B1D7C11"])(
      "the id %j is refused by every operation",
      async (gameId) => {
        const { cache } = bench();
        const refused = { code: "InvalidGameId" };
        const at = version("20.5");
        await expect(cache.read(gameId)).rejects.toMatchObject(refused);
        await expect(cache.install(gameId, "load", rowOf(gameId))).rejects.toMatchObject(refused);
        await expect(cache.readPage([{ gameId }])).rejects.toMatchObject(refused);
        await expect(cache.installPage([{ token: "load", row: rowOf(gameId) }])).rejects.toMatchObject(refused);
        await expect(cache.write(gameId, writeOf(at))).rejects.toMatchObject(refused);
        await expect(cache.claimGame(gameId)).rejects.toMatchObject(refused);
        await expect(cache.evict(gameId)).rejects.toMatchObject(refused);
        await expect(
          cache.subscribe(
            gameId,
            () => {},
            () => {},
          ),
        ).rejects.toMatchObject(refused);
      },
    );
  });
}
