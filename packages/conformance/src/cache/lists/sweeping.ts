import type { GameId } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { above, cleanGame, dirtyGame, newGameId, patience, version } from "../../fixtures.js";
import { pass } from "../../time.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

export async function scanAll(cache: Cache, limit: number): Promise<Set<GameId>> {
  const found = new Set<GameId>();
  let cursor: string | null = null;
  do {
    const page: { gameIds: readonly GameId[]; next: string | null } = await cache.scan({ cursor, limit });
    for (const gameId of page.gameIds) found.add(gameId);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

export function sweepingTests(bench: () => CacheBench, { dropMark, makeUnverified }: CacheUnderTest): void {
  describe("sweeps", () => {
    test("scan finds every game with a state, page by page, and nothing else", async () => {
      const { cache, other } = bench();
      const games = await Promise.all(Array.from({ length: 25 }, () => cleanGame(cache)));
      const begun = newGameId();
      await cache.read(begun, { token: "load" });
      const found = await scanAll(other, 10);
      expect(games.filter(({ gameId }) => !found.has(gameId))).toEqual([]);
      expect(found.has(begun)).toBe(false);
      for (const { gameId } of games) await cache.evict(gameId);
      const left = await scanAll(other, 10);
      expect(games.filter(({ gameId }) => left.has(gameId))).toEqual([]);
    });

    test("scan refuses a cursor that is none", async () => {
      const { cache } = bench();
      const refused = cache.scan({ cursor: "elsewhere", limit: 10 });
      await expect(refused).rejects.toMatchObject({ code: "InvalidInput" });
    });

    test("exists says that a state is there, unverified or not", async () => {
      const { cache, other } = bench();
      const { gameId } = await cleanGame(cache);
      await makeUnverified?.(gameId);
      expect(await other.exists(gameId)).toBe(true);
      expect(await other.exists(newGameId())).toBe(false);
    });

    test("the backlog counts dirty games, and says how late the most overdue is", async () => {
      const { cache, other, hooks } = bench();
      expect(await cache.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
      await Promise.all([dirtyGame(cache), dirtyGame(cache), cleanGame(cache)]);
      expect(await other.backlog()).toEqual({ games: 2, oldestOverdueMs: 0 });
      await dirtyGame(cache, { flushWithinMs: 0 });
      await pass(cache, 1, hooks.passTime);
      await expect.poll(async () => (await cache.backlog()).oldestOverdueMs, patience).toBeGreaterThan(0);
      expect((await cache.backlog()).games).toBe(3);
    });

    test("the clock is the one by which a written game was last active", async () => {
      const { cache, other } = bench();
      const before = await cache.now();
      const { gameId } = await dirtyGame(cache);
      const copy = await other.claimGame(gameId);
      expect(copy?.lastActionAt).toBeGreaterThanOrEqual(before);
      expect(copy?.lastActionAt).toBeLessThanOrEqual(await other.now());
    });

    test("reindex marks clean copies that are ahead of the row that is given, and contain it; they no longer expire", async () => {
      const { cache } = bench();
      const ahead = await cleanGame(cache);
      const [lineage = "", revision = ""] = ahead.at.split(".");
      const before = above(revision, -1);
      const [level, forked, unknown] = [await cleanGame(cache), await cleanGame(cache), await cleanGame(cache)];
      const rows = new Map([
        [ahead.gameId, version(`${lineage}.${before}`)],
        [level.gameId, level.at],
        [forked.gameId, version(`${above(lineage)}.${before}`)],
      ]);
      const asked = [ahead, level, forked, unknown].map(({ gameId }) => gameId);
      expect(await cache.reindex(asked, { rows })).toEqual([ahead.gameId]);
      expect(await cache.reindex(asked, { rows })).toEqual([]);
      const { copies } = await cache.claim({ limit: 10, hideMs: 0 });
      expect(copies.map(({ gameId }) => gameId)).toEqual([ahead.gameId]);
      if (makeUnverified === undefined) return;
      await makeUnverified(unknown.gameId);
      const behind = new Map([[unknown.gameId, version(`${lineage}.${before}`)]]);
      expect(await cache.reindex(asked, { rows: behind })).toEqual([]);
    });

    if (dropMark) {
      test("reindex marks dirty games that are missing from the index, due now, and no others", async () => {
        const { cache } = bench();
        const [lost, marked, clean] = [await dirtyGame(cache), await dirtyGame(cache), await cleanGame(cache)];
        await dropMark(lost.gameId);
        const asked = [lost.gameId, marked.gameId, clean.gameId, newGameId()];
        expect(await cache.reindex(asked)).toEqual([lost.gameId]);
        expect(await cache.reindex(asked)).toEqual([]);
        const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
        expect(copies.map(({ gameId }) => gameId)).toEqual([lost.gameId]);
      });
    }
  });
}
