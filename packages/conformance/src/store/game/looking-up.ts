import { describe, expect, test } from "vitest";
import { newGameId, nextOf } from "../../fixtures.js";
import { archived, createGame, flushed, gameThatIs, onlyInHistory } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function lookingUpTests(bench: () => StoreBench): void {
  describe("status", () => {
    test.each(["live", "ended", "archived", "deleted", "quarantined"] as const)(
      "of a game that is %s",
      async (status) => {
        const { store, other } = bench();
        expect(await other.status((await gameThatIs(status, store)).gameId)).toBe(status);
      },
    );

    test("looks into history, and finds nothing of an id that was never used", async () => {
      const { store } = bench();
      expect(await store.status((await onlyInHistory(store)).gameId)).toBe("archived");
      expect(await store.status(newGameId())).toBe("missing");
    });
  });

  describe("findWrite", () => {
    test("gives the version that a remembered write made, also once the game is archived, never of a deleted one", async () => {
      const { store, other } = bench();
      const writeIds = "first@1.2 last@1.3";
      const game = await createGame(store);
      await flushed(store, nextOf(game, { writeIds }));
      expect(await other.findWrite(game.gameId, "last")).toBe("1.3");
      expect(await other.findWrite(game.gameId, "never")).toBeNull();
      const [over, gone] = [await createGame(store), await createGame(store)];
      await archived(store, over, { writeIds });
      expect(await other.findWrite(over.gameId, "first")).toBe("1.2");
      await flushed(store, nextOf(gone, { writeIds }));
      await store.remove(gone.gameId);
      expect(await other.findWrite(gone.gameId, "last")).toBeNull();
      expect(await other.findWrite(newGameId(), "last")).toBeNull();
    });
  });
}
