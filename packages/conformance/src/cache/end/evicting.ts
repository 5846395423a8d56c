import type { Change } from "@turnkeep/core/ports";
import { describe, expect, test, vi } from "vitest";
import { cleanGame, copyIn, dirtyGame, install, newGameId, patience, rowOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

export function evictingTests(bench: () => CacheBench, { makeUnverified }: CacheUnderTest): void {
  describe("evict", () => {
    test("leaves nothing of the game, dirty or not, and notifies subscribers", async () => {
      const { cache, other } = bench();
      const { gameId } = await dirtyGame(cache, { flushWithinMs: 0 });
      const changes: Change[] = [];
      const unsubscribe = await other.subscribe(
        gameId,
        (change) => changes.push(change),
        () => {},
      );
      expect(await cache.evict(gameId)).toBe("ok");
      await vi.waitFor(() => expect(changes).toEqual(["gone"]), patience);
      unsubscribe();
      expect(await cache.exists(gameId)).toBe(false);
      expect(await cache.claim({ limit: 10, hideMs: 0 })).toMatchObject({
        copies: [],
        unverified: [],
        absent: [],
        more: false,
      });
      expect(await cache.backlog()).toMatchObject({ games: 0 });
      expect(await cache.evict(gameId)).toBe("absent");
    });

    test("leaves no log to the next copy of the game", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await cache.evict(gameId);
      await install(cache, rowOf(gameId, { fence: "30", writeIds: "" }));
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "30.5", logCount: 4, entries: [], writeIds: "" });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
    });

    test("of a version goes through only where that is current and clean", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      expect(await cache.evict(gameId, at)).toBe("newer");
      await cache.ack(gameId, at, 5);
      expect(await cache.evict(gameId, version("20.5"))).toBe("newer");
      expect(await cache.evict(gameId, version("19.6"))).toBe("newer");
      expect(await cache.exists(gameId)).toBe(true);
      expect(await cache.evict(gameId, at)).toBe("ok");
      expect(await cache.evict(gameId, at)).toBe("absent");
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("of a version at once with a write never loses the write", async () => {
      const { cache, other } = bench();
      for (let round = 0; round < 10; round++) {
        const { gameId, at } = await cleanGame(cache);
        const [written, evicted] = await Promise.all([cache.write(gameId, writeOf(at)), other.evict(gameId, at)]);
        const expected = written.kind === "ok" ? ["ok", "newer"] : ["miss", "ok"];
        expect([written.kind, evicted]).toEqual(expected);
        expect(await cache.exists(gameId)).toBe(written.kind === "ok");
      }
    });

    test("of a game that was never there is `absent`", async () => {
      const { cache } = bench();
      expect(await cache.evict(newGameId())).toBe("absent");
      expect(await cache.evict(newGameId(), version("20.5"))).toBe("absent");
    });

    if (makeUnverified) {
      test("takes unverified copies too, and their loads under way come too late", async () => {
        const { cache } = bench();
        const { gameId } = await dirtyGame(cache);
        await makeUnverified(gameId);
        await cache.read(gameId, { token: "load" });
        expect(await cache.evict(gameId)).toBe("ok");
        expect(await cache.install(gameId, "load", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      });

      test("of a version that is refused ends a load under way all the same", async () => {
        const { cache } = bench();
        const { gameId, at } = await dirtyGame(cache);
        await makeUnverified(gameId);
        await cache.read(gameId, { token: "load" });
        expect(await cache.evict(gameId, at)).toBe("newer");
        expect(await cache.install(gameId, "load", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      });
    }
  });
}
