import { describe, expect, test } from "vitest";
import { newGameId, newGameOf, nextOf, outcome } from "../../fixtures.js";
import { createGame, gameThatIs, onlyInHistory } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

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
      expect(await store.findHistory(purged.gameId)).toMatchObject({ outcome });
    });

    test("of an archived game with its history leaves a tombstone, also where there was none any more", async () => {
      const { store, other } = bench();
      const player = newGameId();
      const finished = await gameThatIs("archived", store, { playerIds: [player] });
      const purged = await onlyInHistory(store);
      for (const copy of [finished, purged]) {
        const { gameId } = copy;
        expect(await store.remove(gameId, { history: true })).toBe("archived");
        expect(await other.status(gameId)).toBe("deleted");
        expect(await other.findHistory(gameId)).toBeNull();
        expect(await other.readReplay(gameId)).toBeNull();
        expect(await other.remove(gameId, { history: true })).toBe("deleted");
        expect(await other.create(newGameOf(gameId))).toEqual({ kind: "exists", status: "deleted" });
        expect(await other.flush([nextOf(copy)])).toEqual([{ gameId, kind: "gone", status: "deleted" }]);
        expect(await other.listGone([gameId])).toEqual([gameId]);
      }
      expect((await other.listHistory(player, {})).items).toEqual([]);
      const live = await createGame(store);
      expect(await store.remove(live.gameId, { history: true })).toBe("live");
      const missing = newGameId();
      expect(await store.remove(missing, { history: true })).toBe("missing");
      expect(await store.status(missing)).toBe("missing");
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
}
