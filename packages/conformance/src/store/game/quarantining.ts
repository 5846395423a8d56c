import { describe, expect, test } from "vitest";
import { newGameId } from "../../fixtures.js";
import { gameThatIs } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function quarantiningTests(bench: () => StoreBench): void {
  describe("quarantine", () => {
    test.each(["live", "ended"] as const)("keeps a game that is %s from every use, with the reason", async (status) => {
      const { store, other } = bench();
      const player = newGameId();
      const { gameId } = await gameThatIs(status, store, { playerIds: [player] });
      const active = await store.countActive();
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
      expect(await store.quarantine(gameId, 'no JSON: "{\u{1F0A1}"', bytes)).toBe(true);
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
        const { gameId } = await gameThatIs(status, store);
        expect(await store.quarantine(gameId, "another reason", new Uint8Array())).toBe(false);
        expect(await store.status(gameId)).toBe(status);
        if (status === "quarantined") expect(await store.read(gameId)).toMatchObject({ reason: "unreadable" });
      }
      expect(await store.quarantine(newGameId(), "a reason", new Uint8Array())).toBe(false);
    });
  });
}
