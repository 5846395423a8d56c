import type { GameId } from "@turnkeep/core";
import { copyBytes, digestOf, type Store, type StoredFacts } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { createdBy, newGameId, newGameOf } from "../../fixtures.js";
import { afterWrites, allIds, createGame, flushed, oneOfEach, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function inspectingTests<Tx>(bench: () => StoreBench<Tx>): void {
  describe("inspect", () => {
    test("says what is stored of games of each status, and of those that are only in history; nothing of others", async () => {
      const { store, other } = bench();
      const { gameId: inHistory } = await onlyInHistory(store);
      const ids = await oneOfEach(store);
      const row = await readGame(store, ids.live);
      const found = await inspected(other, [inHistory, newGameId(), ...Object.values(ids)]);
      expect(found.size).toBe(6);
      const {
        gameId,
        status,
        outcome: _o,
        state,
        writeIds: _w,
        rules: _r,
        metadata: _m,
        metadataVersion: _v,
        ...facts
      } = row;
      expect(found.get(ids.live)).toEqual({
        gameId,
        status,
        version: row.version,
        closedAt: null,
        inHistory: false,
        row: {
          ...facts,
          storedEntries: 1,
          newestEntry: 1,
          quarantine: null,
          stateBytes: copyBytes({ state, entries: [] }),
          state: null,
        },
      });
      expect(found.get(ids.ended)).toMatchObject({ status: "ended", row: { dueAt: null } });
      expect(found.get(ids.quarantined)?.row?.quarantine).toEqual({ reason: "unreadable", bytes: 1 });
      const gone = { row: null, version: expect.any(String), closedAt: expect.any(Number) };
      expect(found.get(ids.archived)).toMatchObject({ ...gone, status: "archived", inHistory: true });
      expect(found.get(ids.deleted)).toMatchObject({ ...gone, status: "deleted", inHistory: false });
      const only = { status: "archived", version: null, closedAt: null, inHistory: true, row: null };
      expect(found.get(inHistory)).toEqual({ gameId: inHistory, ...only });
      expect(await other.inspect([])).toEqual([]);
    });

    test("gives states if asked, and fences nothing", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const [facts] = await other.inspect([game.gameId, game.gameId], { states: true });
      expect(facts?.row?.state).toBe(game.state);
      expect(await readGame(store, game.gameId)).toEqual(game);
    });

    test("walks the games that are not over, page by page", async () => {
      const { store, other } = bench();
      const { live, ended, quarantined } = await oneOfEach(store);
      const pages = await allIds(async (page) => (await other.inspect(page)).map(({ gameId }) => gameId), 3);
      expect(pages).toEqual([...pages].sort());
      expect(pages.filter((id) => id.startsWith(live.slice(0, 24)))).toEqual([live, ended, quarantined].sort());
      const [first] = await other.inspect({ after: null, limit: 1 });
      expect(await inspected(other, pages.slice(0, 1))).toEqual(new Map([[pages[0], first]]));
      await expect(other.inspect({ after: "elsewhere", limit: 1 })).rejects.toMatchObject({ code: "InvalidGameId" });
    });

    test("digests are those of live games of whose row nothing is wrong, or of none", async () => {
      const { store, other } = bench();
      const ids = await oneOfEach(store);
      const [row, array, gap] = [await readGame(store, ids.live), newGameId(), await createGame(store)];
      await store.create(newGameOf(array, { state: '["café"]' }));
      const accented = createdBy(await store.create(newGameOf(newGameId(), { state: '{"café":"🂡"}' })));
      const copy = afterWrites(gap, 3);
      await flushed(store, { ...copy, entries: copy.entries.slice(1) });
      const asked = [...Object.values(ids), array, gap.gameId, accented.gameId, newGameId()];
      const found = await other.digests(asked);
      const all = [row, accented].map((game): [string, string] => [game.gameId, digestOf(game)]);
      if (found.size > 0) expect([...found].sort()).toEqual(all.sort());
      expect(await other.digests([])).toEqual(new Map());
    });

    test("sees the caller's transaction, and a log with a gap", async () => {
      const { store, hooks } = bench();
      const game = await createGame(store);
      const copy = afterWrites(game, 3);
      await flushed(store, { ...copy, entries: copy.entries.slice(1) });
      await hooks.transaction(async (transaction) => {
        const [facts] = await store.inspect([game.gameId], { transaction });
        expect(facts?.row).toMatchObject({ logCount: 3, storedEntries: 2, newestEntry: 3 });
      });
    });
  });
}

async function inspected<Tx>(store: Store<Tx>, ids: readonly GameId[]): Promise<Map<GameId, StoredFacts>> {
  return new Map((await store.inspect(ids)).map((facts) => [facts.gameId, facts]));
}
