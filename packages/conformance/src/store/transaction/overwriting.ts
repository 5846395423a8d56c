import type { OverwriteRequest } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { newGameId, newWriteId, nextOf, version } from "../../fixtures.js";
import { afterWrites, createGame, entry, flushed, gameThatIs, loadGame, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

function overwriteOf(gameId: string, baseRevision: string, changes: Partial<OverwriteRequest> = {}): OverwriteRequest {
  const state = '{"by":"the caller"}';
  return {
    gameId,
    baseRevision,
    state,
    schemaVersion: 2,
    turnNumber: 8,
    dueAt: 950,
    writeId: newWriteId(),
    ...changes,
  };
}

export function overwritingTests<Tx>(bench: () => StoreBench<Tx>): void {
  describe("overwrite", () => {
    test("writes the next revision in a lineage and under a fence of its own, and the log with it", async () => {
      const { store, other, hooks } = bench();
      const game = await createGame(store);
      const copy = await flushed(store, afterWrites(game, 2));
      const request = overwriteOf(game.gameId, "3", { entries: [entry(3), entry(4)], state: '{"by":[]}' });
      const written = await hooks.transaction(async (transaction) => {
        await store.lock(game.gameId, { transaction });
        return store.overwrite(request, { transaction });
      });
      const row = await readGame(other, game.gameId);
      expect(row).toEqual(written);
      expect(BigInt(row.fence)).toBeGreaterThan(BigInt(copy.fence));
      const version = `${row.fence}.4`;
      const writeIds = `${copy.writeIds} ${request.writeId}@${version}`;
      const { lastActionAt } = row;
      const changed = { state: '{"by":[]}', schemaVersion: 2, turnNumber: 8, dueAt: 950, logCount: 4 };
      expect(row).toEqual({ ...game, ...changed, version, writeIds, fence: row.fence, lastActionAt });
      expect((await other.readLog(game.gameId, { from: 1, limit: 10 })).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(await other.flush([afterWrites(game, 9)])).toEqual([
        { gameId: game.gameId, kind: "fork", rowVersion: version },
      ]);
    });

    test("counts revisions exactly beyond 2^53", async () => {
      const { store, hooks } = bench();
      const game = await createGame(store);
      const { gameId } = game;
      await flushed(store, nextOf(game, { version: version(`${game.fence}.9007199254740992`) }));
      const written = await hooks.transaction((transaction) =>
        store.overwrite(overwriteOf(gameId, "9007199254740992"), { transaction }),
      );
      expect(written?.version).toBe(`${written?.fence}.9007199254740993`);
    });

    test("remembers the last sixteen writes", async () => {
      const { store, hooks } = bench();
      const { gameId } = await createGame(store);
      for (let revision = 1; revision <= 17; revision += 1) {
        const request = overwriteOf(gameId, String(revision), { writeId: `write-number-${revision}` });
        await hooks.transaction((transaction) => store.overwrite(request, { transaction }));
      }
      const { writeIds, version } = await readGame(store, gameId);
      const remembered = writeIds.split(" ").map((write) => write.split("@")[0]);
      expect(remembered).toEqual(Array.from({ length: 16 }, (_, n) => `write-number-${n + 2}`));
      expect(writeIds.endsWith(`@${version}`)).toBe(true);
    });

    test("is `null`, and nothing changes, where the base is not the row's or the game is not live", async () => {
      const { store, hooks } = bench();
      const overwrite = (gameId: string, base: string) =>
        hooks.transaction((transaction) => store.overwrite(overwriteOf(gameId, base), { transaction }));
      const live = await gameThatIs("live", store);
      const row = await readGame(store, live.gameId);
      expect(await overwrite(live.gameId, "1")).toBeNull();
      expect(await overwrite(live.gameId, "3")).toBeNull();
      expect(await readGame(store, live.gameId)).toEqual(row);
      for (const status of ["ended", "archived", "deleted", "quarantined"] as const) {
        const { gameId } = await gameThatIs(status, store);
        expect(await overwrite(gameId, "2")).toBeNull();
        expect(await store.status(gameId)).toBe(status);
      }
      expect(await overwrite(newGameId(), "1")).toBeNull();
    });
  });

  describe("lock", () => {
    test("gives the row as it is, or says what became of it", async () => {
      const { store, hooks } = bench();
      const lock = (gameId: string) => hooks.transaction((transaction) => store.lock(gameId, { transaction }));
      const game = await createGame(store);
      expect(await lock(game.gameId)).toEqual({ kind: "row", game });
      expect(await readGame(store, game.gameId)).toEqual(game);
      const quarantined = await gameThatIs("quarantined", store);
      expect(await lock(quarantined.gameId)).toEqual({ kind: "quarantined", reason: "unreadable" });
      const deleted = await gameThatIs("deleted", store);
      expect(await lock(deleted.gameId)).toEqual({ kind: "none", status: "deleted" });
      expect(await lock((await onlyInHistory(store)).gameId)).toEqual({ kind: "none", status: "archived" });
      expect(await lock(newGameId())).toEqual({ kind: "none", status: "missing" });
    });

    test("keeps loads and flushes waiting until the transaction ends; then they find what it did", async () => {
      const { store, other, hooks } = bench();
      const game = await createGame(store);
      const copy = nextOf(game);
      const done: string[] = [];
      const { load, flush, written } = await hooks.transaction(async (transaction) => {
        await store.lock(game.gameId, { transaction });
        const load = other.load(game.gameId).finally(() => done.push("load"));
        const flush = other.flush([copy]).finally(() => done.push("flush"));
        const written = await store.overwrite(overwriteOf(game.gameId, "1"), { transaction });
        for (let question = 0; question < 5; question += 1) await store.status(game.gameId);
        expect(done).toEqual([]);
        return { load, flush, written };
      });
      const fenced = await load;
      if (fenced.kind !== "row" || written === null) throw new Error("the game is live");
      expect(fenced.game).toEqual({ ...written, fence: fenced.game.fence });
      expect(BigInt(fenced.game.fence)).toBeGreaterThan(BigInt(written.fence));
      expect(await flush).toEqual([{ gameId: game.gameId, kind: "fork", rowVersion: written.version }]);
    });

    test("keeps none waiting that skips locked rows: a flush writes the others, and a load is busy", async () => {
      const { store, other, hooks } = bench();
      const [game, free] = [await createGame(store), await createGame(store)];
      const older = nextOf(game);
      const row = await flushed(store, afterWrites(game, 2));
      const [copy, skipLocked] = [nextOf(await loadGame(store, game.gameId)), true];
      const { gameId } = game;
      const busy = { code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } };
      await hooks.transaction(async (transaction) => {
        await store.lock(gameId, { transaction });
        expect(await other.flush([copy, nextOf(free)], { skipLocked })).toEqual([
          { gameId, kind: "locked" },
          { gameId: free.gameId, kind: "written" },
        ]);
        expect(await other.flush([older], { skipLocked })).toEqual([
          { gameId, kind: "contained", rowVersion: row.version },
        ]);
        await expect(other.load(gameId, { skipLocked })).rejects.toMatchObject(busy);
        expect(await store.load(gameId, { transaction, skipLocked })).toMatchObject({ kind: "row" });
      });
      expect(await other.load(gameId, { skipLocked })).toMatchObject({ kind: "row" });
      expect(await other.load(newGameId(), { skipLocked })).toEqual({ kind: "none", status: "missing" });
    });
  });
}
