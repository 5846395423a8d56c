import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, dirtyGame, hitIn, install, newGameId, outcome, rowOf, version } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

export function readingTests(bench: () => CacheBench): void {
  describe("read", () => {
    test("of a game that was never loaded is a miss, and begins a load only with a token", async () => {
      const { cache } = bench();
      const gameId = newGameId();
      expect(await cache.read(gameId)).toEqual({ kind: "miss" });
      expect(await cache.read(gameId, { token: "load" })).toEqual({ kind: "miss" });
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("of a served copy gives it whole, to every process", async () => {
      const { cache, other } = bench();
      const row = rowOf(newGameId(), { status: "ended", outcome });
      await install(cache, row);
      const { gameId, status, state, rulesVersion, metadata, metadataVersion, logCount, lastActionAt } = row;
      expect(await other.read(gameId)).toEqual({
        kind: "hit",
        copy: { gameId, status, version: "20.5", state, rulesVersion, metadata, metadataVersion },
      });
      expect(await copyIn(other, gameId)).toMatchObject({ logCount, outcome, lastActionAt });
    });

    test("is `same` for a caller that holds the version, and a hit for one that holds another", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      expect(await cache.read(gameId, { known: at })).toEqual({ kind: "same" });
      expect(await cache.read(gameId, { known: version("20.4") })).toMatchObject({ kind: "hit" });
      expect(await cache.read(gameId, { known: version("19.5") })).toMatchObject({ kind: "hit" });
    });

    test("of many games in the same breath answers for each by itself, also for a game that is asked for twice", async () => {
      const { cache } = bench();
      const [held, other, begun] = [await cleanGame(cache), await dirtyGame(cache), newGameId()];
      const [same, hit, first, second, miss] = await Promise.all([
        cache.read(held.gameId, { known: held.at, token: "unused" }),
        cache.read(other.gameId, { known: held.at }),
        cache.read(begun, { token: "first" }),
        cache.read(begun, { token: "second" }),
        cache.read(newGameId()),
      ]);
      expect([same, first, second, miss].map((reply) => reply?.kind)).toEqual(["same", "miss", "miss", "miss"]);
      expect(hit).toMatchObject({ kind: "hit", copy: { gameId: other.gameId, version: other.at } });
      expect(await cache.install(begun, "first", rowOf(begun))).toEqual({ kind: "tokenLost" });
      expect(await cache.install(begun, "second", rowOf(begun))).toMatchObject({ kind: "ok" });
    });

    test("changes nothing: a clean copy stays clean and unmarked", async () => {
      const { cache, other } = bench();
      const { gameId } = await cleanGame(cache);
      const before = await copyIn(other, gameId);
      await cache.read(gameId);
      expect(await cache.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      expect(await copyIn(other, gameId)).toEqual(before);
    });

    test("of a served copy begins no load, so that an earlier token stays lost", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache);
      expect(await cache.read(gameId, { token: "load" })).toMatchObject({ kind: "hit" });
      expect(await cache.install(gameId, "load", rowOf(gameId))).toEqual({ kind: "tokenLost" });
    });
  });

  describe("install", () => {
    test("makes the row the served copy, with its fence as lineage, clean and with an empty tail", async () => {
      const { cache, other } = bench();
      const row = rowOf(newGameId());
      await cache.read(row.gameId, { token: "load" });
      const reply = await cache.install(row.gameId, "load", row);
      expect(reply).toEqual({ kind: "ok", version: "20.5", keptUnverified: false });
      const {
        gameType,
        playerIds,
        npcId,
        rules,
        rulesVersion,
        startedAt,
        metadata: _m,
        metadataVersion: _v,
        ...copy
      } = row;
      const origin = { gameType, playerIds, npcId, rules, rulesVersion, startedAt };
      const served = { ...copy, origin, version: "20.5", base: row.version, entries: [] };
      expect(await copyIn(other, row.gameId)).toEqual(served);
      expect(await other.claimGame(row.gameId, { onlyDirty: true })).toBeNull();
    });

    test("works for the load that began last, and once", async () => {
      const { cache, other } = bench();
      const gameId = newGameId();
      await cache.read(gameId, { token: "slow" });
      await other.read(gameId, { token: "fast" });
      expect(await cache.install(gameId, "slow", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      expect(await other.install(gameId, "fast", rowOf(gameId))).toMatchObject({ kind: "ok" });
      expect(await other.install(gameId, "fast", rowOf(gameId))).toEqual({ kind: "tokenLost" });
    });

    test("without a token of a load installs nothing", async () => {
      const { cache } = bench();
      const gameId = newGameId();
      expect(await cache.install(gameId, "invented", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("of a load that began before an eviction installs nothing, so that no deleted game comes back", async () => {
      const { cache, other } = bench();
      const gameId = newGameId();
      await cache.read(gameId, { token: "before" });
      await other.evict(gameId);
      expect(await cache.install(gameId, "before", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      expect(await other.read(gameId)).toEqual({ kind: "miss" });
    });

    test("by many at once makes one copy", async () => {
      const { cache, other } = bench();
      const gameId = newGameId();
      const loads = Array.from({ length: 8 }, async (_, n) => {
        const by = n % 2 === 0 ? cache : other;
        await by.read(gameId, { token: `load-${n}` });
        return by.install(gameId, `load-${n}`, rowOf(gameId, { fence: String(20 + n) }));
      });
      const kinds = (await Promise.all(loads)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "ok")).toHaveLength(1);
    });
  });

  describe("readPage and installPage", () => {
    test("answer for each game in its place: what is served, what is not, and a load for each that is not", async () => {
      const { cache, other } = bench();
      const [clean, dirty] = [await cleanGame(cache), await dirtyGame(cache)];
      const rows = Array.from({ length: 3 }, (_, n) => rowOf(newGameId(), { fence: String(30 + n) }));
      const [begun, last] = [newGameId(), newGameId()];
      const reads = [
        ...[clean, dirty].map(({ gameId }) => ({ gameId, token: "page" })),
        ...rows.map(({ gameId }) => ({ gameId, token: `page-${gameId}` })),
        { gameId: begun },
        { gameId: last, token: "page" },
      ];
      expect(await cache.readPage(reads)).toEqual(["served", "served", "miss", "miss", "miss", "miss", "miss"]);
      const installs = [
        ...rows.map((row) => ({ token: `page-${row.gameId}`, row })),
        { token: "page", row: rowOf(begun) },
        { token: "page", row: rowOf(clean.gameId) },
      ];
      const ok = (fence: number) => ({ kind: "ok", version: `${fence}.5`, keptUnverified: false });
      const lost = { kind: "tokenLost" };
      expect(await cache.installPage(installs)).toEqual([ok(30), ok(31), ok(32), lost, lost]);
      for (const { gameId, state, fence } of rows) {
        expect(hitIn(await other.read(gameId))).toMatchObject({ state, version: `${fence}.5` });
        expect(await other.claimGame(gameId, { onlyDirty: true })).toBeNull();
      }
      expect(await cache.exists(begun)).toBe(false);
      expect(await other.read(dirty.gameId, { known: dirty.at })).toEqual({ kind: "same" });
      expect(await cache.install(last, "page", rowOf(last))).toMatchObject({ kind: "ok" });
    });

    test("of very many games answer for each in its place", async () => {
      const { cache, other } = bench();
      const rows = Array.from({ length: 50 }, (_, n) => rowOf(newGameId(), { fence: String(30 + n) }));
      for (const row of rows.filter((_, n) => n % 7 === 0)) await install(other, row);
      const reads = await cache.readPage(rows.map(({ gameId }) => ({ gameId, token: `page-${gameId}` })));
      expect(reads).toEqual(rows.map((_, n) => (n % 7 === 0 ? "served" : "miss")));
      for (const { gameId } of rows.filter((_, n) => n % 7 === 1)) await other.read(gameId, { token: "later" });
      const kinds = (await cache.installPage(rows.map((row) => ({ token: `page-${row.gameId}`, row })))).map(
        ({ kind }) => kind,
      );
      expect(kinds).toEqual(rows.map((_, n) => (n % 7 > 1 ? "ok" : "tokenLost")));
      for (const { gameId, fence } of rows.filter((_, n) => n % 7 > 1)) {
        expect(hitIn(await other.read(gameId)).version).toBe(`${fence}.5`);
      }
    });

    test("of nothing answer nothing", async () => {
      const { cache } = bench();
      expect(await cache.readPage([])).toEqual([]);
      expect(await cache.installPage([])).toEqual([]);
    });

    test("install no game whose load another one has overtaken", async () => {
      const { cache, other } = bench();
      const row = rowOf(newGameId());
      await cache.readPage([{ gameId: row.gameId, token: "page" }]);
      await other.read(row.gameId, { token: "a player's" });
      expect(await cache.installPage([{ token: "page", row }])).toEqual([{ kind: "tokenLost" }]);
      expect(await other.install(row.gameId, "a player's", row)).toMatchObject({ kind: "ok" });
      expect(await cache.readPage([{ gameId: row.gameId, token: "page" }])).toEqual(["served"]);
    });
  });
}
