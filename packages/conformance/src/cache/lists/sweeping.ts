import type { GameId, Version } from "@turnkeep/core";
import { type Cache, copyBytes, digestOf, type RowInStore } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import {
  above,
  cleanGame,
  copyIn,
  dirtyGame,
  install,
  madeBy,
  newGameId,
  patience,
  rowOf,
  sealOf,
  version,
} from "../../fixtures.js";
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
        [ahead.gameId, { version: version(`${lineage}.${before}`) }],
        [level.gameId, { version: level.at }],
        [forked.gameId, { version: version(`${above(lineage)}.${before}`) }],
      ]);
      const asked = [ahead, level, forked, unknown].map(({ gameId }) => gameId);
      expect((await cache.reindex(asked, { rows })).marked).toEqual([ahead.gameId]);
      expect((await cache.reindex(asked, { rows })).marked).toEqual([]);
      const { copies } = await cache.claim({ limit: 10, hideMs: 0 });
      expect(copies.map(({ gameId }) => gameId)).toEqual([ahead.gameId]);
      if (makeUnverified === undefined) return;
      await makeUnverified(unknown.gameId);
      const behind = new Map([[unknown.gameId, { version: version(`${lineage}.${before}`) }]]);
      expect((await cache.reindex(asked, { rows: behind })).marked).toEqual([]);
    });

    test("reindex says whose served copy has newer metadata than the row that is given, and marks none for that", async () => {
      const { cache, other } = bench();
      const of = (metadataVersion: string) => cleanGame(cache, { metadata: '"seats"', metadataVersion });
      const [ahead, level, behind, unknown] = [await of("100"), await of("100"), await of("99"), await of("100")];
      const none = await cleanGame(cache);
      const asked = [ahead, level, behind, unknown, none].map(({ gameId }) => gameId);
      const row = ({ at }: { readonly at: Version }, metadataVersion?: string) => ({ version: at, metadataVersion });
      const rows = new Map<GameId, RowInStore>([
        [ahead.gameId, row(ahead, "99")],
        [level.gameId, row(level, "100")],
        [behind.gameId, row(behind, "100")],
        [unknown.gameId, row(unknown)],
        [none.gameId, row(none, "0")],
      ]);
      expect(await other.reindex(asked, { rows })).toEqual({ marked: [], newerMetadata: [ahead.gameId] });
      if (makeUnverified === undefined) return;
      await makeUnverified(ahead.gameId);
      expect(await other.reindex(asked, { rows })).toEqual({ marked: [], newerMetadata: [] });
    });

    test("inspect says what there is of each game, with state and log entries only if asked, and nothing of others", async () => {
      const { cache, other } = bench();
      const [clean, dirty, begun] = [await cleanGame(cache), await dirtyGame(cache), newGameId()];
      await cache.read(begun, { token: "load" });
      const facts = await other.inspect([clean.gameId, newGameId(), begun, dirty.gameId]);
      const found = new Map(facts.map((one) => [one.gameId, one]));
      expect([...found.keys()].sort()).toEqual([clean.gameId, dirty.gameId].sort());
      const { entries, state, origin: _g, writeIds: _w, outcome: _o, ...copy } = await copyIn(cache, dirty.gameId);
      expect(found.get(dirty.gameId)).toEqual({
        ...copy,
        served: true,
        dirty: true,
        flushAt: expect.any(Number),
        expiresInMs: null,
        tailEntries: entries.length,
        stateBytes: copyBytes({ state, entries: [] }),
        state: null,
        entries: null,
      });
      expect(found.get(clean.gameId)).toMatchObject({ version: clean.at, dirty: false, flushAt: null, tailEntries: 0 });
      expect(await other.inspect([dirty.gameId], { states: true })).toMatchObject([{ state, entries: null }]);
      expect(await other.inspect([dirty.gameId], { entries: true })).toMatchObject([{ state: null, entries }]);
      expect(await other.inspect([])).toEqual([]);
    });

    test("unlike are all games but those with a served clean copy of this digest that is in no index", async () => {
      const { cache, other } = bench();
      const row = rowOf(newGameId(), { state: '{"café":"🂡"}' });
      await install(cache, row);
      const [written, dirty] = [await dirtyGame(cache), await dirtyGame(cache)];
      const flushed = await copyIn(cache, written.gameId);
      await cache.ack(flushed.gameId, flushed.version, flushed.logCount);
      const alike = new Map([row, flushed].map((game) => [game.gameId, digestOf(game)]));
      expect(await other.unlike(alike)).toEqual([]);
      const changes: readonly Partial<typeof row>[] = [
        { version: version("9.9") },
        { fence: above(row.fence) },
        { logCount: row.logCount + 1 },
        { state: '{"cafe":"🂡"}' },
        { state: '{"café":"🂣"}' },
      ];
      for (const change of changes) {
        expect(await other.unlike(new Map([[row.gameId, digestOf({ ...row, ...change })]]))).toEqual([row.gameId]);
      }
      const unsaved = await copyIn(cache, dirty.gameId);
      const others = [unsaved, { ...row, gameId: newGameId() }].map((one): [string, string] => [
        one.gameId,
        digestOf(one),
      ]);
      const found = await other.unlike(new Map([...alike, ...others]));
      expect([...found].sort()).toEqual(others.map(([gameId]) => gameId).sort());
      await makeUnverified?.(row.gameId);
      expect(await other.unlike(alike)).toEqual(makeUnverified ? [row.gameId] : []);
      expect(await other.unlike(new Map())).toEqual([]);
    });

    test("inspect finds many games at once, unverified and sealed ones too, and changes nothing", async () => {
      const { cache, other } = bench();
      const games = await Promise.all(Array.from({ length: 120 }, () => dirtyGame(cache)));
      const [unverified = games[0], sealed] = [games[0], games[1]];
      if (unverified === undefined || sealed === undefined) throw new Error("two games");
      const sealedAt = madeBy(await cache.seal(sealed.gameId, sealOf(sealed.at)));
      await makeUnverified?.(unverified.gameId);
      const ids = games.map(({ gameId }) => gameId);
      const before = await other.inspect(ids);
      expect(before.map(({ gameId }) => gameId).sort()).toEqual([...ids].sort());
      const found = new Map(before.map((one) => [one.gameId, one]));
      expect(found.get(unverified.gameId)).toMatchObject({
        served: makeUnverified === undefined,
        version: unverified.at,
      });
      expect(found.get(sealed.gameId)).toMatchObject({ status: "ended", version: sealedAt, dueAt: null });
      const after = new Map((await other.inspect(ids)).map((one) => [one.gameId, one]));
      expect(after).toEqual(found);
    });

    if (dropMark) {
      test("inspect shows a dirty game that is missing from the index", async () => {
        const { cache } = bench();
        const { gameId } = await dirtyGame(cache);
        await dropMark(gameId);
        expect(await cache.inspect([gameId])).toMatchObject([{ dirty: true, flushAt: null }]);
        expect((await cache.reindex([gameId])).marked).toEqual([gameId]);
        expect(await cache.inspect([gameId])).toMatchObject([{ dirty: true, flushAt: expect.any(Number) }]);
      });

      test("reindex marks dirty games that are missing from the index, due now, and no others", async () => {
        const { cache } = bench();
        const [lost, marked, clean] = [await dirtyGame(cache), await dirtyGame(cache), await cleanGame(cache)];
        await dropMark(lost.gameId);
        const asked = [lost.gameId, marked.gameId, clean.gameId, newGameId()];
        expect((await cache.reindex(asked)).marked).toEqual([lost.gameId]);
        expect((await cache.reindex(asked)).marked).toEqual([]);
        const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
        expect(copies.map(({ gameId }) => gameId)).toEqual([lost.gameId]);
      });
    }
  });
}
