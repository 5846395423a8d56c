import { describe, expect, test } from "vitest";
import { newGameId } from "../../fixtures.js";
import { gameThatIs, onlyInHistory } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function canStoreTests(bench: () => StoreBench): void {
  describe("canStore", () => {
    test.each(["live", "ended"] as const)("of a sound game that is %s is true, and changes nothing", async (status) => {
      const { store, other } = bench();
      await onlyInHistory(store);
      const copy = await gameThatIs(status, store);
      const before = await store.read(copy.gameId);
      const log = await store.readLog(copy.gameId, { from: 1, limit: 10 });
      expect(await other.canStore(copy.gameId)).toBe(true);
      expect(await store.read(copy.gameId)).toEqual(before);
      expect(await store.readLog(copy.gameId, { from: 1, limit: 10 })).toEqual(log);
    });

    test("of a game that is closed, or that there never was, is true", async () => {
      const { store } = bench();
      for (const status of ["archived", "deleted", "quarantined"] as const) {
        const { gameId } = await gameThatIs(status, store);
        expect(await store.canStore(gameId)).toBe(true);
        expect(await store.status(gameId)).toBe(status);
      }
      expect(await store.canStore(newGameId())).toBe(true);
    });
  });
}
