import { describe, expect, test, vi } from "vitest";
import { cleanGame, copyIn, dirtyGame, newGameId, patience, rowOf, writeOf } from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

const idsOf = (copies: readonly { readonly gameId: string }[]) => copies.map(({ gameId }) => gameId);

export function claimingTests(bench: () => CacheBench, { dropCopy, keepsOneIndex = true }: CacheUnderTest): void {
  describe("claim", () => {
    const inOrder = keepsOneIndex ? ", the most overdue first" : "";
    test(`brings due games whole${inOrder}, and leaves those that are not due`, async () => {
      const { cache, other } = bench();
      const later = await dirtyGame(cache, { flushWithinMs: 60_000 });
      const second = await dirtyGame(cache, { flushWithinMs: 5_000 });
      const first = await dirtyGame(cache, { flushWithinMs: 0 });
      const reply = await other.claim({ limit: 10, hideMs: 60_000, dueWithinMs: 10_000 });
      const due = [first.gameId, second.gameId];
      expect(keepsOneIndex ? idsOf(reply.copies) : idsOf(reply.copies).sort()).toEqual(
        keepsOneIndex ? due : due.sort(),
      );
      expect(reply.copies).toContainEqual(await copyIn(cache, first.gameId));
      expect([reply.unverified, reply.absent]).toEqual([[], []]);
      const rest = await cache.claim({ limit: 10, hideMs: 0, dueWithinMs: 60_000 });
      expect(idsOf(rest.copies)).toContain(later.gameId);
    });

    test("hides what it took from other claims, and removes nothing", async () => {
      const { cache, other } = bench();
      const { gameId } = await dirtyGame(cache, { flushWithinMs: 0 });
      expect(idsOf((await cache.claim({ limit: 10, hideMs: 60_000 })).copies)).toEqual([gameId]);
      expect((await other.claim({ limit: 10, hideMs: 60_000 })).copies).toEqual([]);
      expect((await cache.backlog()).games).toBe(1);
      const again = await other.claim({ limit: 10, hideMs: 0, dueWithinMs: 60_000 });
      expect(idsOf(again.copies)).toEqual([gameId]);
    });

    test("takes at most the limit, and each game once", async () => {
      const { cache, other } = bench();
      const games = await Promise.all(Array.from({ length: 5 }, () => dirtyGame(cache, { flushWithinMs: 0 })));
      const request = { limit: 2, hideMs: 60_000 };
      const claims = await Promise.all([cache.claim(request), other.claim(request), cache.claim(request)]);
      const claimed = claims.flatMap(({ copies }) => idsOf(copies));
      expect(Math.max(...claims.map(({ copies }) => copies.length))).toBeLessThanOrEqual(2);
      await vi.waitFor(async () => {
        claimed.push(...idsOf((await other.claim(request)).copies));
        expect(claimed.length).toBeGreaterThanOrEqual(5);
      }, patience);
      expect(claimed.sort()).toEqual(idsOf(games).sort());
    });

    test("of a hidden game comes early where a write is due earlier", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      await cache.claim({ limit: 10, hideMs: 60_000 });
      await cache.write(gameId, writeOf(at, { flushWithinMs: 0 }));
      const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
      expect(copies).toMatchObject([{ gameId, logCount: 6 }]);
    });

    test("brings nothing clean", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      await cleanGame(cache);
      await cache.ack(gameId, at, 5);
      expect((await cache.claim({ limit: 10, hideMs: 0, dueWithinMs: 120_000 })).copies).toEqual([]);
    });

    if (dropCopy) {
      test("names games that are marked but not there, and unmarks them", async () => {
        const { cache } = bench();
        const { gameId } = await dirtyGame(cache, { flushWithinMs: 0 });
        await dropCopy(gameId);
        const request = { limit: 10, hideMs: 60_000 };
        expect(await cache.claim(request)).toEqual({ copies: [], unverified: [], absent: [gameId] });
        expect(await cache.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
      });

      test("an install over what was lost begins anew, and keeps nothing of it", async () => {
        const { cache } = bench();
        const { gameId } = await dirtyGame(cache);
        await dropCopy(gameId);
        expect(await cache.read(gameId, { token: "load" })).toEqual({ kind: "miss" });
        const row = rowOf(gameId, { fence: "30" });
        const reply = await cache.install(gameId, "load", row);
        expect(reply).toEqual({ kind: "ok", version: "30.5", keptUnverified: false });
        expect(await copyIn(cache, gameId)).toMatchObject({ logCount: 4, entries: [], writeIds: row.writeIds });
        expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      });
    }
  });

  describe("claimGame", () => {
    test("takes one game, due or not, clean too, and hides nothing", async () => {
      const { cache } = bench();
      const [dirty, clean] = [await dirtyGame(cache, { flushWithinMs: 0 }), await cleanGame(cache)];
      expect(await cache.claimGame(dirty.gameId, { onlyDirty: true })).toMatchObject({ version: dirty.at });
      expect(await cache.claimGame(clean.gameId)).toMatchObject({ version: clean.at, entries: [] });
      expect(idsOf((await cache.claim({ limit: 10, hideMs: 0 })).copies)).toEqual([dirty.gameId]);
    });

    test("is null for a game that is not there, or clean where only dirty ones are wanted", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache);
      expect(await cache.claimGame(newGameId())).toBeNull();
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
    });
  });
}
