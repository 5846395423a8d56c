import { describe, expect, test } from "vitest";
import { newGameId, nextOf } from "../../fixtures.js";
import { afterWrites, createGame, entry, flushed, loadGame, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

const all = { from: 1, limit: 1_000 };
const numbered = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => ({ seq: first + n, entry: entry(first + n) }));

export function loggingTests(bench: () => StoreBench): void {
  describe("log", () => {
    test("grows by each flush's entries, without gaps, and the row counts them", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const first = await flushed(store, afterWrites(game, 3));
      await flushed(other, afterWrites(first, 2));
      expect(await other.readLog(game.gameId, all)).toEqual(numbered(1, 5));
      expect(await readGame(store, game.gameId)).toMatchObject({ logCount: 5 });
    });

    test("takes a tail that overlaps what it has: each entry once, as it was first written", async () => {
      const { store } = bench();
      const game = await createGame(store);
      await flushed(store, afterWrites(game, 3));
      const tail = ['{"entry":"other two"}', '{"entry":"other three"}', entry(4), entry(5)];
      await flushed(store, afterWrites(game, 5, { entries: tail }));
      expect(await store.readLog(game.gameId, all)).toEqual(numbered(1, 5));
    });

    test("does not grow when the same is flushed again", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const copy = afterWrites(game, 2);
      await Promise.all([store.flush([copy]), other.flush([copy]), store.flush([copy])]);
      expect(await store.readLog(game.gameId, all)).toEqual(numbered(1, 2));
    });

    test("takes nothing of a copy that was not written, beside one that was", async () => {
      const { store } = bench();
      const [fenced, forked, good] = [await createGame(store), await createGame(store), await createGame(store)];
      await store.load(fenced.gameId);
      await flushed(store, nextOf(await loadGame(store, forked.gameId), { entries: [], logCount: 0 }));
      const outcomes = await store.flush([fenced, forked, good].map((game) => afterWrites(game, 2)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(["fence", "fork", "written"]);
      expect(await store.readLog(fenced.gameId, all)).toEqual([]);
      expect(await store.readLog(forked.gameId, all)).toEqual([]);
      expect(await store.readLog(good.gameId, all)).toEqual(numbered(1, 2));
    });

    test("has a gap where the copy's tail begins beyond it, and the flush says so", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const half = await flushed(store, afterWrites(game, 2));
      const beyond = afterWrites(half, 4, { entries: [entry(6)] });
      expect(await store.flush([beyond])).toEqual([{ gameId: game.gameId, kind: "written", logHasGap: true }]);
      const further = afterWrites(beyond, 1);
      expect(await store.flush([further])).toEqual([{ gameId: game.gameId, kind: "written" }]);
      expect(await store.readLog(game.gameId, all)).toEqual([...numbered(1, 2), ...numbered(6, 7)]);
    });

    test("takes writes without entries, and many entries of one write", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const quiet = await flushed(store, nextOf(game, { entries: [], logCount: 0 }));
      expect(await store.readLog(game.gameId, all)).toEqual([]);
      const entries = Array.from({ length: 500 }, (_, n) => entry(n + 1));
      await flushed(store, nextOf(quiet, { entries, logCount: 500 }));
      expect(await store.readLog(game.gameId, all)).toEqual(numbered(1, 500));
    });
  });

  describe("readLog", () => {
    test("gives at most so many entries from a number on, in order", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      await flushed(store, afterWrites(game, 12));
      const { gameId } = game;
      expect(await other.readLog(gameId, { from: 1, limit: 5 })).toEqual(numbered(1, 5));
      expect(await other.readLog(gameId, { from: 6, limit: 5 })).toEqual(numbered(6, 10));
      expect(await other.readLog(gameId, { from: 11, limit: 5 })).toEqual(numbered(11, 12));
      expect(await other.readLog(gameId, { from: 13, limit: 5 })).toEqual([]);
    });

    test("gives the initial state as number 0, as long as the game is active", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      await flushed(store, afterWrites(game, 2));
      const fromStart = await other.readLog(game.gameId, { from: 0, limit: 2 });
      expect(fromStart).toEqual([{ seq: 0, entry: game.state }, ...numbered(1, 1)]);
    });

    test("of a game that is not there is empty", async () => {
      const { store } = bench();
      expect(await store.readLog(newGameId(), all)).toEqual([]);
    });
  });
}
