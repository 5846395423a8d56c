import { describe, expect, test } from "vitest";
import { newGameId, nextOf } from "../../fixtures.js";
import { createGame, flushed, gameThatIs, loadGame, readGame } from "../scenes.js";
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
}
