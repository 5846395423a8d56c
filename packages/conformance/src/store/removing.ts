import { describe, expect, test } from "vitest";
import { newGameId, newGameOf, nextOf, outcome } from "../fixtures.js";
import { createGame, gameThatIs, onlyInHistory } from "./scenes.js";
import type { StoreBench } from "./store-under-test.js";

export function removingTests(bench: () => StoreBench): void {
  describe("remove", () => {
    test.each(["live", "ended", "quarantined"] as const)(
      "of a game that is %s leaves a tombstone without state and log, and says what it was",
      async (status) => {
        const { store, other } = bench();
        const player = newGameId();
        const copy = await gameThatIs(status, store, { playerIds: [player] });
        const { gameId } = copy;
        expect(await store.remove(gameId)).toBe(status);
        expect(await other.status(gameId)).toBe("deleted");
        expect(await other.read(gameId)).toEqual({ kind: "none", status: "deleted" });
        expect(await other.readLog(gameId, { from: 1, limit: 10 })).toEqual([]);
        expect((await other.listActive(player, {})).items).toEqual([]);
        expect(await other.listGone([gameId])).toEqual([gameId]);
        expect(await other.create(newGameOf(gameId))).toEqual({ kind: "exists", status: "deleted" });
        expect(await other.flush([nextOf(copy)])).toEqual([{ gameId, kind: "gone", status: "deleted" }]);
      },
    );

    test("of an archived game changes nothing", async () => {
      const { store } = bench();
      const [{ gameId }, purged] = [await gameThatIs("archived", store), await onlyInHistory(store)];
      const replay = await store.readReplay(gameId);
      expect(await store.remove(gameId)).toBe("archived");
      expect(await store.remove(purged.gameId)).toBe("archived");
      expect(await store.status(gameId)).toBe("archived");
      expect(await store.readReplay(gameId)).toEqual(replay);
      expect(await store.findHistory(purged.gameId)).toMatchObject(outcome);
    });

    test("twice says so, and of a game that was never there makes nothing", async () => {
      const { store } = bench();
      const { gameId } = await gameThatIs("deleted", store);
      expect(await store.remove(gameId)).toBe("deleted");
      const missing = newGameId();
      expect(await store.remove(missing)).toBe("missing");
      expect(await store.status(missing)).toBe("missing");
    });

    test("and a flush at once: the game is deleted, and nothing of it comes back", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const game = await createGame(store);
        const [before, [flush]] = await Promise.all([store.remove(game.gameId), other.flush([nextOf(game)])]);
        expect(before).toBe("live");
        expect(["written", "gone"]).toContain(flush?.kind);
        expect(await store.status(game.gameId)).toBe("deleted");
        expect(await store.readLog(game.gameId, { from: 1, limit: 10 })).toEqual([]);
      }
    });
  });

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

  describe("quarantine", () => {
    test.each(["live", "ended"] as const)("sets a game aside that is %s, with the reason", async (status) => {
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
