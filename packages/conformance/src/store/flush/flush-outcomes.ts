import { describe, expect, test } from "vitest";
import { above, newGameId, nextOf, outcome } from "../../fixtures.js";
import { afterWrites, createGame, flushed, gameThatIs, loadGame, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

/** Outcomes are asked in this order: contained, fork, fence, gone, quarantined, orphan. None of them changes the row. */
export function flushOutcomeTests(bench: () => StoreBench): void {
  describe("what became of a flushed copy", () => {
    test("is `contained` when it is flushed twice, or when a newer one of its lineage was", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const [older, copy] = [nextOf(game), afterWrites(game, 2)];
      await flushed(store, copy);
      const row = await readGame(store, game.gameId);
      const contained = { gameId: game.gameId, kind: "contained", rowVersion: copy.version };
      expect(await other.flush([copy])).toEqual([contained]);
      expect(await other.flush([older])).toEqual([contained]);
      expect(await readGame(store, game.gameId)).toEqual(row);
    });

    test("is `contained`, not `fence`, for an old version of the lineage under an old fence", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const copy = await flushed(store, nextOf(game));
      await store.load(game.gameId);
      expect(await store.flush([copy])).toEqual([{ gameId: game.gameId, kind: "contained", rowVersion: copy.version }]);
    });

    test("is `contained`, not `fork`, when the row of another lineage remembers the write asked for", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const lost = nextOf(game, { writeIds: "write-of-alice@1.2" });
      const reloaded = await loadGame(other, game.gameId);
      const row = await flushed(
        other,
        nextOf(reloaded, { writeIds: `write-of-alice@1.2 write-of-bob@${reloaded.fence}.2` }),
      );
      const { gameId } = game;
      const contained = { gameId, kind: "contained", rowVersion: row.version };
      const fork = { gameId, kind: "fork", rowVersion: row.version };
      expect(await store.flush([{ ...lost, writeId: "write-of-alice" }])).toEqual([contained]);
      expect(await store.flush([lost])).toEqual([fork]);
      expect(await store.flush([{ ...lost, writeId: "write-of-ali" }])).toEqual([fork]);
      expect(await store.flush([{ ...lost, writeId: "rite-of-alice" }])).toEqual([fork]);
    });

    test("is `fork` when the row's lineage is higher, whatever the revisions and the fences say", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const row = await flushed(store, nextOf(await loadGame(store, game.gameId)));
      const fork = { gameId: game.gameId, kind: "fork", rowVersion: row.version };
      expect(await store.flush([nextOf(game)])).toEqual([fork]);
      expect(await store.flush([afterWrites(game, 50)])).toEqual([fork]);
      expect(await store.flush([afterWrites(game, 50, { fence: row.fence })])).toEqual([fork]);
      const { state, version, logCount } = row;
      expect(await readGame(store, game.gameId)).toMatchObject({ state, version, logCount });
    });

    test("is `fork` when another lineage wrote since the copy's own began, even a lower one", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const loaded = await loadGame(store, game.gameId);
      // An old master's client takes the newer fence for its own lineage, and is acknowledged.
      const row = await flushed(other, { ...nextOf(game), fence: loaded.fence });
      const fork = [{ gameId: game.gameId, kind: "fork", rowVersion: row.version }];
      expect(await store.flush([nextOf(loaded)])).toEqual(fork);
      expect(await store.flush([afterWrites(loaded, 9)])).toEqual(fork);
      expect(await readGame(store, game.gameId)).toMatchObject({ version: row.version, state: row.state });
      await flushed(store, nextOf(await loadGame(store, game.gameId)));
    });

    test("is `fence` after another load; with that fence adopted it is written", async () => {
      const { store, other } = bench();
      const game = await createGame(store);
      const copy = nextOf(game);
      const { fence } = await loadGame(other, game.gameId);
      const row = await readGame(store, game.gameId);
      expect(await store.flush([copy])).toEqual([{ gameId: game.gameId, kind: "fence", fence }]);
      expect(await readGame(store, game.gameId)).toEqual(row);
      await flushed(store, { ...copy, fence });
    });

    test("is `fence` for a fence that the store never gave", async () => {
      const { store } = bench();
      const { fence, ...game } = await createGame(store);
      const copy = nextOf({ ...game, fence: above(fence, 1_000_000) });
      expect(await store.flush([copy])).toEqual([{ gameId: game.gameId, kind: "fence", fence }]);
    });

    test.each(["archived", "deleted"] as const)("is `gone` for a game that is %s, which stays so", async (status) => {
      const { store, other } = bench();
      const copy = await gameThatIs(status, store);
      const gone = { gameId: copy.gameId, kind: "gone", status };
      expect(await other.flush([nextOf(copy)])).toEqual([gone]);
      expect(await other.flush([{ ...afterWrites(copy, 9), writeId: "never-written" }])).toEqual([gone]);
      expect(await other.flush([nextOf({ ...copy, fence: above(copy.fence) })])).toEqual([gone]);
      expect(await store.status(copy.gameId)).toBe(status);
      expect(await store.read(copy.gameId)).toEqual({ kind: "none", status });
      expect(await store.readLog(copy.gameId, { from: 1, limit: 10 })).toEqual([]);
    });

    test("is `gone` where only history is left", async () => {
      const { store } = bench();
      const copy = await onlyInHistory(store);
      expect(await store.flush([nextOf(copy)])).toEqual([{ gameId: copy.gameId, kind: "gone", status: "archived" }]);
      expect(await store.status(copy.gameId)).toBe("archived");
    });

    test("is `quarantined` for a quarantined game", async () => {
      const { store } = bench();
      const copy = await gameThatIs("quarantined", store);
      expect(await store.flush([nextOf(copy)])).toEqual([{ gameId: copy.gameId, kind: "quarantined" }]);
      expect(await store.status(copy.gameId)).toBe("quarantined");
    });

    test("is `orphan` without a row, and none is made", async () => {
      const { store } = bench();
      const gameId = newGameId();
      const copy = nextOf({ ...(await createGame(store)), gameId });
      expect(await store.flush([{ ...copy, writeId: "orphan-write" }])).toEqual([{ gameId, kind: "orphan" }]);
      expect(await store.status(gameId)).toBe("missing");
      expect(await store.readLog(gameId, { from: 1, limit: 10 })).toEqual([]);
    });

    test.each(["archived", "deleted", "quarantined"] as const)(
      "is `contained` for the writer whose write got in before the game was %s",
      async (status) => {
        const { store } = bench();
        const game = await createGame(store);
        const copy = await flushed(store, nextOf(game));
        const { gameId, writeIds, version } = copy;
        const last = nextOf(copy, { writeIds, status: "ended", outcome });
        if (status === "archived") await store.archive({ copy: last });
        if (status === "deleted") await store.remove(gameId);
        if (status === "quarantined") await store.quarantine(copy, "unreadable", new Uint8Array());
        const [writeId = ""] = writeIds.split("@");
        const rowVersion = status === "archived" ? last.version : version;
        expect(await store.flush([{ ...copy, writeId }])).toEqual([{ gameId, kind: "contained", rowVersion }]);
        expect(await store.status(gameId)).toBe(status);
      },
    );
  });
}
