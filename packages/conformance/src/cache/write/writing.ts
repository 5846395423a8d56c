import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, dirtyGame, madeBy, newGameId, sealOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

export function writingTests(bench: () => CacheBench, { keepsOneIndex = true }: CacheUnderTest): void {
  describe("write", () => {
    test("changes state, log, version, turn and time together, and makes the copy dirty", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const request = writeOf(at, { entries: ['{"n":5}', '{"n":6}'], turnNumber: 9, dueAt: 123, schemaVersion: 4 });
      expect(await cache.write(gameId, request)).toEqual({ kind: "ok", version: "20.6" });
      const copy = await other.claimGame(gameId, { onlyDirty: true });
      expect(copy).toMatchObject({
        status: "live",
        version: "20.6",
        fence: "20",
        state: request.state,
        schemaVersion: 4,
        turnNumber: 9,
        dueAt: 123,
        logCount: 6,
        entries: request.entries,
        writeIds: `row-write@10.5 ${request.writeId}@20.6`,
        outcome: null,
      });
      expect(copy?.lastActionAt).toBeGreaterThan(1_700_000_000_000);
      const held = { gameId, version: "20.6", state: request.state };
      expect(await other.read(gameId, { known: at })).toMatchObject({ kind: "hit", copy: held });
    });

    test("takes when the game is due, also never, as it takes the turn", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache, { dueAt: 700 });
      expect((await copyIn(other, gameId)).dueAt).toBe(700);
      const last = Number.MAX_SAFE_INTEGER;
      const later = madeBy(await cache.write(gameId, writeOf(at, { dueAt: last })));
      expect((await copyIn(other, gameId)).dueAt).toBe(last);
      const never = madeBy(await cache.write(gameId, writeOf(later, { dueAt: null })));
      expect((await copyIn(other, gameId)).dueAt).toBeNull();
      const zero = madeBy(await cache.write(gameId, writeOf(never, { dueAt: 0 })));
      expect((await copyIn(other, gameId)).dueAt).toBe(0);
      await cache.seal(gameId, sealOf(zero));
      expect((await copyIn(other, gameId)).dueAt).toBeNull();
    });

    test("for a flush brings the copy as it made it, with the whole tail of the log", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await dirtyGame(cache);
      await other.adopt(gameId, "20", "33");
      const written = await cache.write(gameId, writeOf(at, { forFlush: true, entries: ['{"n":6}', '{"n":7}'] }));
      const { origin: _, ...claimed } = await copyIn(other, gameId);
      expect(claimed).toMatchObject({ version: "20.7", fence: "33", logCount: 7, base: "10.5" });
      expect(claimed.entries).toEqual(['{"from":"20.5"}', '{"n":6}', '{"n":7}']);
      expect(written).toEqual({ kind: "ok", version: "20.7", copy: claimed });
      const bare = await cache.write(gameId, writeOf(madeBy(written), { forFlush: true, entries: [] }));
      const { origin: _origin, ...again } = await copyIn(other, gameId);
      expect(bare).toEqual({ kind: "ok", version: "20.8", copy: again });
      const request = sealOf(madeBy(bare), { forFlush: true });
      const sealed = await cache.seal(gameId, request);
      const { origin: _o, ...last } = await copyIn(other, gameId);
      expect(last).toMatchObject({ status: "ended", outcome: request.outcome });
      expect(sealed).toEqual({ kind: "ok", version: "20.9", copy: last });
      expect(await cache.seal(gameId, request)).toEqual({ kind: "duplicate", madeVersion: "20.9" });
    });

    test("for a flush brings no copy where the tail is long, and none that lacks a part of it", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const entries = Array.from({ length: 1_000 }, (_, n) => `{"n":${n}}`);
      const long = madeBy(await cache.write(gameId, writeOf(at, { entries })));
      const reply = await cache.write(gameId, writeOf(long, { forFlush: true }));
      const { origin: _, ...claimed } = await copyIn(other, gameId);
      expect(reply.kind === "ok" ? (reply.copy ?? claimed) : reply).toEqual(claimed);
    });

    test("without entries leaves the log as it is", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      await cache.write(gameId, writeOf(at, { entries: [] }));
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "20.6", logCount: 4, entries: [] });
    });

    test("over a stale version, an older lineage or one that never was changes nothing", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const current = madeBy(await cache.write(gameId, writeOf(at)));
      const before = await copyIn(cache, gameId);
      for (const stale of [at, version("10.6"), version("21.6"), version("20.60")]) {
        expect(await cache.write(gameId, writeOf(stale))).toEqual({ kind: "conflict", version: current });
      }
      expect(await copyIn(cache, gameId)).toEqual(before);
    });

    test("by many over one version: one wins, and the others learn what is current", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const requests = Array.from({ length: 8 }, (_, n) => writeOf(at, { state: `{"by":${n}}` }));
      const replies = await Promise.all(
        requests.map((request, n) => (n % 2 === 0 ? cache : other).write(gameId, request)),
      );
      const winner = replies.findIndex(({ kind }) => kind === "ok");
      expect(replies.filter(({ kind }) => kind === "conflict")).toHaveLength(7);
      const { version: at6, state, logCount } = await copyIn(cache, gameId);
      expect([at6, state, logCount]).toEqual(["20.6", `{"by":${winner}}`, 5]);
    });

    test("to a game that is not there, or was evicted, applies nothing", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await dirtyGame(cache);
      await other.evict(gameId);
      expect(await cache.write(gameId, writeOf(at))).toEqual({ kind: "miss" });
      expect(await cache.write(newGameId(), writeOf(at))).toEqual({ kind: "miss" });
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("keeps the earliest deadline", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      await cache.write(gameId, writeOf(at, { flushWithinMs: 60_000 }));
      const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
      expect(copies.map((copy) => copy.gameId)).toEqual([gameId]);
    });

    if (keepsOneIndex) {
      test("is refused where too many are dirty, but never for a game that is dirty already", async () => {
        const { cache } = bench();
        const [dirty, clean] = [await dirtyGame(cache), await cleanGame(cache)];
        const bound = { maxDirtyGames: 1 };
        expect(await cache.write(clean.gameId, writeOf(clean.at, bound))).toEqual({ kind: "backpressure" });
        expect(await cache.seal(clean.gameId, sealOf(clean.at, bound))).toEqual({ kind: "backpressure" });
        expect(await cache.read(clean.gameId, { known: clean.at })).toEqual({ kind: "same" });
        expect(await cache.write(dirty.gameId, writeOf(dirty.at, bound))).toMatchObject({ kind: "ok" });
        const request = writeOf(clean.at, { maxDirtyGames: 2 });
        expect(await cache.write(clean.gameId, request)).toMatchObject({ kind: "ok" });
      });
    }

    test("over a stale version is a conflict even where too many are dirty", async () => {
      const { cache } = bench();
      const clean = await cleanGame(cache);
      await dirtyGame(cache);
      const request = writeOf(version("20.4"), { maxDirtyGames: 1 });
      expect(await cache.write(clean.gameId, request)).toEqual({ kind: "conflict", version: clean.at });
    });
  });
}
