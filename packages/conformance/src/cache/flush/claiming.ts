import { lineageOf } from "@turnkeep/core";
import { describe, expect, test, vi } from "vitest";
import { cleanGame, copyIn, dirtyGame, newGameId, patience, rowOf, version, writeOf } from "../../fixtures.js";
import { pass } from "../../time.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

const idsOf = (copies: readonly { readonly gameId: string }[]) => copies.map(({ gameId }) => gameId);

export function claimingTests(
  bench: () => CacheBench,
  { dropCopy, keepsOneIndex = true, passTime }: CacheUnderTest,
): void {
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

    test("reports how many games are dirty, and for how long the most overdue has been due", async () => {
      const { cache } = bench();
      const request = { limit: 1, hideMs: 60_000 };
      await dirtyGame(cache, { flushWithinMs: 60_000 });
      expect(await cache.claim(request)).toMatchObject({ copies: [], backlog: { oldestOverdueMs: 0 } });
      await dirtyGame(cache, { flushWithinMs: 0 });
      await pass(cache, 20, passTime);
      await dirtyGame(cache, { flushWithinMs: 0 });
      const { backlog } = await cache.claim({ ...request, limit: 10 });
      expect(backlog.oldestOverdueMs).toBeGreaterThanOrEqual(20);
      if (keepsOneIndex) expect(backlog.games).toBe(3);
      expect(await cache.claim(request)).toMatchObject({ copies: [], backlog: { oldestOverdueMs: 0 } });
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

    test("ends with the game that reaches the bytes, and leaves the others due", async () => {
      const { cache, other } = bench();
      const entries = [`"${"ü".repeat(10_000)}"`];
      const games = await Promise.all(
        Array.from({ length: 20 }, () => dirtyGame(cache, { flushWithinMs: 0, entries })),
      );
      const request = { limit: 100, maxBytes: 30_000, hideMs: 60_000 };
      const first = await other.claim(request);
      expect(first.copies.length).toBeGreaterThan(0);
      // One index knows of each copy before it takes it; one with many parts sees how large copies are as it goes on.
      expect(first.copies.length).toBeLessThanOrEqual(keepsOneIndex ? 2 : 10);
      expect(first.more).toBe(true);
      const claimed = idsOf(first.copies);
      for (let reply = first; reply.more; ) {
        reply = await cache.claim(request);
        claimed.push(...idsOf(reply.copies));
      }
      expect(claimed.sort()).toEqual(idsOf(games).sort());
    });

    test("takes one game at least, however large it is", async () => {
      const { cache } = bench();
      const [one, two] = [await dirtyGame(cache, { flushWithinMs: 0 }), await dirtyGame(cache, { flushWithinMs: 0 })];
      const claimed: string[] = [];
      for (let more = true; more; ) {
        const reply = await cache.claim({ limit: 10, maxBytes: 1, hideMs: 60_000 });
        if (reply.more) expect(reply.copies.length).toBeGreaterThan(0);
        claimed.push(...idsOf(reply.copies));
        more = reply.more;
      }
      expect(claimed.sort()).toEqual([one.gameId, two.gameId].sort());
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
        expect(await cache.claim(request)).toMatchObject({ copies: [], unverified: [], absent: [gameId], more: false });
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
    test("says what the row said that no write changes, also after writes and of a copy that was reset", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const { gameType, playerIds, npcId, rules, rulesVersion, startedAt } = rowOf(gameId);
      const origin = { gameType, playerIds, npcId, rules, rulesVersion, startedAt };
      expect(await cache.claimGame(gameId)).toMatchObject({ origin });
      await cache.write(gameId, writeOf(at));
      expect(await cache.claimGame(gameId)).toMatchObject({ origin });
      const other = { ...origin, gameType: "casual", npcId: "npc-3", rules: '{"pace":"é"}' };
      const newer = rowOf(gameId, { ...other, version: version("40.9"), fence: "50" });
      expect(await cache.reset(gameId, lineageOf(at), newer)).toBe(true);
      expect(await cache.claimGame(gameId)).toMatchObject({ origin: other });
    });

    test("takes one game, due or not, clean too, and hides nothing", async () => {
      const { cache } = bench();
      const [dirty, clean] = [await dirtyGame(cache, { flushWithinMs: 0 }), await cleanGame(cache)];
      expect(await cache.claimGame(dirty.gameId, { onlyDirty: true })).toMatchObject({ version: dirty.at });
      expect(await cache.claimGame(clean.gameId)).toMatchObject({ version: clean.at, entries: [] });
      expect(idsOf((await cache.claim({ limit: 10, hideMs: 0 })).copies)).toEqual([dirty.gameId]);
    });

    test("takes a copy without the log's tail, and leaves that where it is", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      const whole = await copyIn(cache, gameId);
      expect(whole.entries).toHaveLength(1);
      expect(await cache.claimGame(gameId, { entries: false })).toEqual({ ...whole, entries: [] });
      expect(await cache.claimGame(gameId, { onlyDirty: true, entries: false })).toEqual({ ...whole, entries: [] });
      expect(await copyIn(cache, gameId)).toEqual(whole);
    });

    test("is null for a game that is not there, or clean where only dirty ones are wanted", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache);
      expect(await cache.claimGame(newGameId())).toBeNull();
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
    });
  });
}
