import { compareDecimals } from "@turnkeep/core";
import { describe, expect, test } from "vitest";
import { newGameId, nextOf } from "../../fixtures.js";
import { afterWrites, createGame, flushed, gameThatIs, loadGame, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function quarantiningTests(bench: () => StoreBench): void {
  describe("quarantine", () => {
    test.each(["live", "ended"] as const)("keeps a game that is %s from every use, with the reason", async (status) => {
      const { store, other } = bench();
      const player = newGameId();
      const row = await gameThatIs(status, store, { playerIds: [player] });
      const { gameId } = row;
      const active = await store.countActive();
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
      expect(await store.quarantine(row, 'no JSON: "{\u{1F0A1}"', bytes)).toBe(true);
      expect(await other.load(gameId)).toEqual({ kind: "quarantined", reason: 'no JSON: "{\u{1F0A1}"' });
      expect(await other.status(gameId)).toBe("quarantined");
      expect(await other.countActive()).toBe(active - 1);
      expect((await other.listActive(player, {})).items).toEqual([]);
      expect(await other.readLog(gameId, { from: 1, limit: 10 })).toEqual([]);
      expect(await other.listGone([gameId])).toEqual([]);
    });

    test("is false for every other game, which stays as it is", async () => {
      const { store } = bench();
      for (const status of ["archived", "deleted", "quarantined"] as const) {
        const row = await gameThatIs(status, store);
        const { gameId } = row;
        expect(await store.quarantine(row, "another reason", new Uint8Array())).toBe(false);
        expect(await store.status(gameId)).toBe(status);
        if (status === "quarantined") expect(await store.read(gameId)).toMatchObject({ reason: "unreadable" });
      }
      const row = { ...(await gameThatIs("live", store)), gameId: newGameId() };
      expect(await store.quarantine(row, "a reason", new Uint8Array())).toBe(false);
    });

    test("is false for a row that was written since it was found unreadable, under the same fence", async () => {
      const { store, other } = bench();
      const before = await createGame(store);
      const after = await flushed(other, nextOf(before));
      expect(await store.quarantine(before, "a slow verdict", new Uint8Array())).toBe(false);
      expect(await store.quarantine({ ...before, version: after.version }, "unreadable", new Uint8Array())).toBe(true);
    });

    test("is false for a row that was loaded since it was found unreadable, at the same version", async () => {
      const { store, other } = bench();
      const before = await createGame(store);
      await loadGame(other, before.gameId);
      expect(await store.quarantine(before, "a slow verdict", new Uint8Array())).toBe(false);
      const now = await readGame(store, before.gameId);
      expect(now.version).toBe(before.version);
      expect(await store.quarantine(now, "unreadable", new Uint8Array())).toBe(true);
    });
  });

  describe("release", () => {
    test.each(["live", "ended"] as const)(
      "makes a game %s again that was, under a fresh fence, as it was",
      async (status) => {
        const { store, other } = bench();
        const before = await gameThatIs(status, store);
        const row = await readGame(store, before.gameId);
        const kept = Uint8Array.from({ length: 256 }, (_, n) => n);
        await store.quarantine(row, "a reason", kept);
        const { gameId, version, fence, state } = row;
        const found = await other.readQuarantined(gameId);
        expect(found).toEqual({ gameId, version, fence, reason: "a reason", kept, state });
        expect(await other.release(found ?? row, null)).toBe(true);
        const released = await readGame(store, gameId);
        expect(released).toEqual({ ...row, fence: released.fence });
        expect(compareDecimals(released.fence, fence)).toBe(1);
        expect(await store.readQuarantined(gameId)).toBeNull();
        expect(await store.release(row, null)).toBe(false);
      },
    );

    test("writes the copy that could not be stored over its row, which is flushed by it no more", async () => {
      const { store } = bench();
      const row = await loadGame(store, (await createGame(store)).gameId);
      const { gameId } = row;
      const copy = afterWrites(row, 2);
      const stored = await readGame(store, gameId);
      await store.quarantine(stored, "refused", new Uint8Array([1]));
      expect(await store.release(stored, copy)).toBe(true);
      const { entries, base: _b, lastActionAt: _l, fence: _f, ...made } = copy;
      expect(await readGame(store, gameId)).toMatchObject(made);
      expect((await store.readLog(gameId, { from: 1, limit: 10 })).map(({ entry }) => entry)).toEqual(entries);
      expect(await store.flush([afterWrites(copy, 1)])).toMatchObject([{ kind: "fence" }]);
    });

    test("refuses a copy with more entries than it counts, and changes nothing, also in a caller's transaction", async () => {
      const { store, hooks } = bench();
      const row = await createGame(store);
      await store.quarantine(row, "refused", new Uint8Array([1]));
      const before = await store.readQuarantined(row.gameId);
      const copy = afterWrites(row, 2, { logCount: 1 });
      await hooks.transaction(async (transaction) => {
        await expect(store.release(row, copy, { transaction })).rejects.toMatchObject({ code: "InvalidInput" });
      });
      expect(before).not.toBeNull();
      expect(await store.readQuarantined(row.gameId)).toEqual(before);
    });

    test("is false, and changes nothing, for a row that moved on, for a copy that lacks what it has, and for other games", async () => {
      const { store } = bench();
      const row = await loadGame(store, (await createGame(store)).gameId);
      const ahead = await flushed(store, nextOf(row));
      await store.quarantine(ahead, "unreadable", new Uint8Array([1]));
      expect(await store.release(row, null)).toBe(false);
      expect(await store.release({ ...ahead, fence: "1" }, null)).toBe(false);
      expect(await store.release(ahead, { ...ahead, version: row.version })).toBe(false);
      expect(await store.readQuarantined(row.gameId)).toMatchObject({ version: ahead.version, fence: ahead.fence });
      for (const status of ["live", "ended", "archived", "deleted"] as const) {
        const other = await gameThatIs(status, store);
        expect(await store.release(other, null)).toBe(false);
        expect(await store.readQuarantined(other.gameId)).toBeNull();
        expect(await store.status(other.gameId)).toBe(status);
      }
    });
  });
}
