import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, dirtyGame, madeBy, newGameId, version, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

export function acknowledgingTests(bench: () => CacheBench): void {
  describe("ack", () => {
    test("of the current version makes it clean and empties the tail, and may come twice", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      expect(await other.ack(gameId, at, 5)).toBe("ok");
      expect(await cache.claimGame(gameId)).toMatchObject({ version: at, logCount: 5, entries: [] });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      expect(await cache.backlog()).toMatchObject({ games: 0 });
      expect(await cache.ack(gameId, at, 5)).toBe("ok");
      expect(await cache.write(gameId, writeOf(at))).toMatchObject({ kind: "ok", version: "20.7" });
    });

    test("of an older version trims what was flushed, and mark and deadline stand", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      const newer = madeBy(await cache.write(gameId, writeOf(at, { entries: ['{"n":6}', '{"n":7}'] })));
      for (let times = 0; times < 2; times++) {
        expect(await cache.ack(gameId, at, 5)).toBe("newer");
        const copy = await cache.claimGame(gameId, { onlyDirty: true });
        expect(copy).toMatchObject({ version: newer, logCount: 7, entries: ['{"n":6}', '{"n":7}'] });
      }
      expect((await cache.claim({ limit: 10, hideMs: 60_000 })).copies).toMatchObject([{ gameId }]);
    });

    test("of a part of the log leaves the rest", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache, { entries: ["5", "6", "7"] });
      expect(await cache.ack(gameId, version("20.5"), 6)).toBe("newer");
      expect(await copyIn(cache, gameId)).toMatchObject({ logCount: 7, entries: ["7"] });
      expect(await cache.ack(gameId, version("20.4"), 4)).toBe("newer");
      expect(await copyIn(cache, gameId)).toMatchObject({ logCount: 7, entries: ["7"] });
    });

    test("of another lineage trims nothing, whatever its revision", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      const before = await copyIn(cache, gameId);
      expect(await cache.ack(gameId, version("19.6"), 5)).toBe("newer");
      expect(await cache.ack(gameId, version("21.6"), 5)).toBe("newer");
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toEqual(before);
    });

    test("of a game that is not there is `newer`, and brings nothing", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      await cache.evict(gameId);
      expect(await cache.ack(gameId, at, 5)).toBe("newer");
      expect(await cache.ack(newGameId(), at, 5)).toBe("newer");
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("two flushes of one game, acknowledged in the wrong order, lose nothing", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      const early = await copyIn(cache, gameId);
      await cache.write(gameId, writeOf(at));
      const late = await copyIn(cache, gameId);
      expect(await cache.ack(gameId, late.version, late.logCount)).toBe("ok");
      expect(await cache.ack(gameId, early.version, early.logCount)).toBe("newer");
      expect(await cache.claimGame(gameId)).toMatchObject({ version: late.version, logCount: 6, entries: [] });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
    });

    test("of many games in the same breath is decided for each by itself", async () => {
      const { cache } = bench();
      const games = [];
      for (let n = 0; n < 5; n++) games.push(await dirtyGame(cache));
      const [played, gone] = games;
      if (played === undefined || gone === undefined) throw new Error("no games");
      const newer = madeBy(await cache.write(played.gameId, writeOf(played.at, { entries: ["6"] })));
      await cache.evict(gone.gameId);
      const replies = await Promise.all(games.map(({ gameId, at }) => cache.ack(gameId, at, 5)));
      expect(replies).toEqual(["newer", "newer", "ok", "ok", "ok"]);
      expect(await copyIn(cache, played.gameId)).toMatchObject({ version: newer, entries: ["6"] });
      expect(await cache.exists(gone.gameId)).toBe(false);
      for (const { gameId, at } of games.slice(2)) {
        expect(await copyIn(cache, gameId)).toMatchObject({ version: at, entries: [] });
        expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      }
    });

    test("at once with a write never cleans what was written", async () => {
      const { cache, other } = bench();
      for (let round = 0; round < 10; round++) {
        const { gameId, at } = await dirtyGame(cache);
        await Promise.all([cache.write(gameId, writeOf(at, { entries: ["6"] })), other.ack(gameId, at, 5)]);
        const copy = await cache.claimGame(gameId, { onlyDirty: true });
        expect(copy).toMatchObject({ version: "20.7", logCount: 6, entries: ["6"] });
      }
    });

    test("of a clean copy at its version changes nothing", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      expect(await cache.ack(gameId, at, 4)).toBe("ok");
      expect(await copyIn(cache, gameId)).toMatchObject({ version: at, logCount: 4, entries: [] });
    });
  });
}
