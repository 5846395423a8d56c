import { describe, expect, test } from "vitest";
import { above, newGameId, nextOf, outcome, rowIn } from "../../fixtures.js";
import { createGame, flushed, gameThatIs, loadGame, oneOfEach, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function loadingTests(bench: () => StoreBench): void {
  describe.each(["load", "read"] as const)("%s", (operation) => {
    test("of a live or ended game gives its row", async () => {
      const { store, other } = bench();
      const live = await gameThatIs("live", store);
      expect(rowIn(await other[operation](live.gameId))).toMatchObject({
        status: "live",
        state: live.state,
        outcome: null,
      });
      const ended = await gameThatIs("ended", store);
      const { state, version, writeIds, logCount } = ended;
      expect(rowIn(await other[operation](ended.gameId))).toMatchObject({
        status: "ended",
        state,
        version,
        writeIds,
        logCount,
        outcome,
      });
    });

    test("of a closed game says what became of it", async () => {
      const { store, other } = bench();
      const closed = async (status: "archived" | "deleted" | "quarantined") =>
        other[operation]((await gameThatIs(status, store)).gameId);
      expect(await closed("archived")).toEqual({ kind: "none", status: "archived" });
      expect(await closed("deleted")).toEqual({ kind: "none", status: "deleted" });
      expect(await closed("quarantined")).toEqual({ kind: "quarantined", reason: "unreadable" });
      expect(await other[operation](newGameId())).toEqual({ kind: "none", status: "missing" });
      expect(await other[operation]((await onlyInHistory(store)).gameId)).toEqual({ kind: "none", status: "archived" });
    });
  });

  describe("load", () => {
    test("draws a higher fence each time and changes nothing else", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const first = rowIn(await other.load(game.gameId));
      const second = rowIn(await store.load(game.gameId));
      expect(BigInt(first.fence)).toBeGreaterThan(BigInt(game.fence));
      expect(BigInt(second.fence)).toBeGreaterThan(BigInt(first.fence));
      expect(second).toEqual({ ...game, fence: second.fence });
      expect(await readGame(other, game.gameId)).toEqual(second);
    });

    test("draws above the fence that is given, however far ahead it is, and stays above it", async () => {
      const { store, other } = bench();
      const { gameId, fence } = await createGame(store);
      const ahead = above(fence, 10 ** 15);
      const first = rowIn(await other.load(gameId, { above: ahead }));
      expect(BigInt(first.fence)).toBeGreaterThan(BigInt(ahead));
      const second = rowIn(await store.load(gameId, { above: fence }));
      expect(BigInt(second.fence)).toBeGreaterThan(BigInt(first.fence));
    });

    test("by many at once gives each its own fence, and the row keeps the highest", async () => {
      const { store, other } = bench();
      const { gameId } = await createGame(store);
      const loads = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? store : other).load(gameId));
      const fences = (await Promise.all(loads)).map((reply) => BigInt(rowIn(reply).fence));
      expect(new Set(fences).size).toBe(8);
      const highest = fences.sort((a, b) => (a < b ? -1 : 1)).at(-1);
      expect((await readGame(store, gameId)).fence).toBe(String(highest));
    });

    test("and a flush at once: the load has what was written, or the flush finds its fence too old", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 12; round += 1) {
        const game = await createGame(store);
        const copy = nextOf(game);
        const [[flush], load] = await Promise.all([store.flush([copy]), other.load(game.gameId)]);
        const row = rowIn(load);
        if (flush?.kind === "written") expect(row.version).toBe(copy.version);
        else {
          expect(flush).toEqual({ gameId: game.gameId, kind: "fence", fence: row.fence });
          expect(row.version).toBe(game.version);
        }
      }
    });
  });

  describe("read", () => {
    test("fences nothing: what was loaded before can still be flushed", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const copy = nextOf(await loadGame(store, game.gameId));
      const before = await readGame(other, game.gameId);
      expect(await readGame(other, game.gameId)).toEqual(before);
      await flushed(store, copy);
    });
  });

  describe("loadPage", () => {
    test("fences the live and ended ones of these games, and gives them whole", async () => {
      const { store, other } = bench();
      const { live, ended, archived, deleted, quarantined } = await oneOfEach(store);
      const beside = await createGame(store);
      const before = await Promise.all([live, ended].map((gameId) => readGame(store, gameId)));
      const page = await other.loadPage([quarantined, ended, newGameId(), deleted, live, archived]);
      expect(page.map(({ gameId }) => gameId).sort()).toEqual([live, ended].sort());
      for (const old of before) {
        const row = page.find(({ gameId }) => gameId === old.gameId);
        expect(row).toEqual({ ...old, fence: row?.fence });
        expect(BigInt(row?.fence ?? 0)).toBeGreaterThan(BigInt(old.fence));
        expect(await readGame(other, old.gameId)).toEqual({ ...old, fence: row?.fence });
      }
      expect(await readGame(other, beside.gameId)).toEqual(beside);
      expect(await other.loadPage([])).toEqual([]);
    });

    test("draws a fence of its own for each row, above what any load drew before", async () => {
      const { store, other } = bench();
      const games = await Promise.all(Array.from({ length: 5 }, () => createGame(store)));
      const before = new Map<string, bigint>();
      for (const { gameId } of games) before.set(gameId, BigInt(rowIn(await store.load(gameId)).fence));
      const page = await other.loadPage(games.map(({ gameId }) => gameId));
      expect(new Set(page.map(({ fence }) => fence)).size).toBe(5);
      for (const { gameId, fence } of page) expect(BigInt(fence)).toBeGreaterThan(before.get(gameId) ?? 0n);
    });

    test("and a flush at once: the page has what was written, or the flush finds its fence too old", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 12; round += 1) {
        const game = await createGame(store);
        const copy = nextOf(game);
        const [[flush], [row]] = await Promise.all([store.flush([copy]), other.loadPage([game.gameId])]);
        // A row that the flush holds is left out.
        if (flush?.kind === "written") expect([copy.version, undefined]).toContain(row?.version);
        else {
          expect(flush).toEqual({ gameId: game.gameId, kind: "fence", fence: row?.fence });
          expect(row?.version).toBe(game.version);
        }
      }
    });
  });
}
