import { describe, expect, test } from "vitest";
import { gameThatIs, oneOfEach, statuses } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function purgingTests(bench: () => StoreBench): void {
  describe("purgeTombstones", () => {
    test("deletes old tombstones of archived and deleted games, and nothing else", async () => {
      const { store, other } = bench();
      const games = await oneOfEach(store);
      expect(await other.purgeTombstones(3_600_000)).toBe(0);
      expect(await store.status(games.deleted)).toBe("deleted");
      expect(await other.purgeTombstones(0)).toBeGreaterThanOrEqual(2);
      expect(await other.purgeTombstones(0)).toBe(0);
      const after = await Promise.all(statuses.map((status) => store.status(games[status])));
      expect(after).toEqual(["live", "ended", "archived", "missing", "quarantined"]);
      expect(await store.findHistory(games.archived)).toMatchObject({ gameId: games.archived });
    });

    test("leaves history, which purgeHistory deletes once the tombstone is gone, and nothing younger", async () => {
      const { store, other } = bench();
      const { gameId } = await gameThatIs("archived", store);
      await other.purgeHistory(0);
      expect(await store.findHistory(gameId)).toMatchObject({ gameId });
      await store.purgeTombstones(0);
      expect(await other.purgeHistory(3_600_000)).toBe(0);
      expect(await store.readReplay(gameId)).not.toBeNull();
      expect(await other.purgeHistory(0)).toBeGreaterThanOrEqual(1);
      expect(await other.purgeHistory(0)).toBe(0);
      expect(await store.findHistory(gameId)).toBeNull();
      expect(await store.readReplay(gameId)).toBeNull();
      expect(await store.status(gameId)).toBe("missing");
    });

    test("frees the id of a deleted game", async () => {
      const { store } = bench();
      const { gameId } = await gameThatIs("deleted", store);
      await store.purgeTombstones(0);
      await gameThatIs("live", store, { gameId });
      expect(await store.status(gameId)).toBe("live");
    });
  });
}
