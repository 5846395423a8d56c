import { describe, expect, test } from "vitest";
import { newGameId, newGameOf } from "../../fixtures.js";
import { createGame, gameThatIs, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function creatingTests(bench: () => StoreBench): void {
  describe("create", () => {
    test("makes a live row at the first revision of its fence, with all that was given, for every process", async () => {
      const { store, other } = bench();
      const game = newGameOf(newGameId(), {
        npcId: "rival",
        turnNumber: 3,
        schemaVersion: 2,
        rules: '{ "deck" : 40 }',
      });
      const before = await store.now();
      const reply = await store.create(game);
      if (reply.kind !== "created") throw new Error("an unused id was refused");
      const { writeId, ...given } = game;
      const { fence, startedAt, lastActionAt } = reply.game;
      const version = `${fence}.1`;
      expect(reply.game).toEqual({
        ...given,
        status: "live",
        version,
        fence,
        logCount: 0,
        writeIds: `${writeId}@${version}`,
        outcome: null,
        metadata: null,
        metadataVersion: "0",
        startedAt,
        lastActionAt,
      });
      expect(fence).toMatch(/^[1-9]\d*$/);
      expect(startedAt).toBeGreaterThanOrEqual(before - 1);
      expect(startedAt).toBeLessThanOrEqual(await store.now());
      expect(lastActionAt).toBe(startedAt);
      expect(await other.read(game.gameId)).toEqual({ kind: "row", game: reply.game });
      expect(await other.readLog(game.gameId, { from: 1, limit: 10 })).toEqual([]);
    });

    test.each(["live", "ended", "archived", "deleted", "quarantined"] as const)(
      "of an id whose game is %s makes nothing and says so",
      async (status) => {
        const { store, other } = bench();
        const { gameId } = await gameThatIs(status, store);
        const before = await store.read(gameId);
        expect(await other.create(newGameOf(gameId))).toEqual({ kind: "exists", status });
        expect(await store.read(gameId)).toEqual(before);
        expect(await store.status(gameId)).toBe(status);
      },
    );

    test("of an id that only history knows makes nothing", async () => {
      const { store } = bench();
      const { gameId } = await onlyInHistory(store);
      expect(await store.create(newGameOf(gameId))).toEqual({ kind: "exists", status: "archived" });
      expect(await store.status(gameId)).toBe("archived");
    });

    test("by many at once makes one game, the first one's", async () => {
      const { store, other } = bench();
      const gameId = newGameId();
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, n) => {
          const game = newGameOf(gameId, { state: `{"by":${n}}` });
          return (n % 2 === 0 ? store : other).create(game);
        }),
      );
      const made = replies.filter(({ kind }) => kind === "created");
      expect(made).toEqual([{ kind: "created", game: await readGame(store, gameId) }]);
      expect(replies.filter(({ kind }) => kind === "exists")).toEqual(
        Array.from({ length: 7 }, () => ({ kind: "exists", status: "live" })),
      );
    });

    test("draws a higher fence for each game", async () => {
      const { store, other } = bench();
      const [first, second] = [await createGame(store), await createGame(other)];
      expect(BigInt(second.fence)).toBeGreaterThan(BigInt(first.fence));
    });
  });
}
