import { describe, expect, test } from "vitest";
import { newGameId, nextOf, outcome, sealedOf } from "../../fixtures.js";
import { afterWrites, createGame, flushed, gameThatIs, loadGame, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function archiveRaceTests(bench: () => StoreBench): void {
  describe("archive, when it is not the first or not the newest", () => {
    test("twice is once: the second finds the record of the first", async () => {
      const { store, other } = bench();
      const copy = sealedOf(await createGame(store));
      const first = await store.archive({ copy });
      if (first.kind !== "archived") throw new Error(`answered with ${first.kind}`);
      const another = { endReason: "expired", winnerIds: [], winnerIsNpc: false } as const;
      const again = await other.archive({ copy: { ...nextOf(copy), status: "ended", outcome: another } });
      expect(again).toEqual({ kind: "already", record: first.record });
      expect(await store.findHistory(copy.gameId)).toEqual(first.record);
      await store.purgeTombstones(0);
      expect(await other.archive({ copy })).toEqual({ kind: "already", record: first.record });
    });

    test("by many at once is one archive", async () => {
      const { store, other } = bench();
      const player = newGameId();
      const copy = sealedOf(await createGame(store, { playerIds: [player] }));
      const replies = await Promise.all([store, other, store, other].map((one) => one.archive({ copy })));
      expect(replies.map(({ kind }) => kind).sort()).toEqual(["already", "already", "already", "archived"]);
      const record = await store.findHistory(copy.gameId);
      expect(replies.map((reply) => ("record" in reply ? reply.record : null))).toEqual(replies.map(() => record));
      expect((await store.listHistory(player, {})).items).toEqual([record]);
    });

    test("is `fork` or `fence` as for a flush, and leaves the row as it was", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const loaded = await loadGame(store, game.gameId);
      const before = await readGame(store, game.gameId);
      const { gameId } = game;
      expect(await store.archive({ copy: sealedOf(game) })).toEqual({ gameId, kind: "fence", fence: loaded.fence });
      expect(await readGame(store, gameId)).toEqual(before);
      const row = await flushed(store, nextOf(loaded));
      const fork = { gameId, kind: "fork", rowVersion: row.version };
      expect(await store.archive({ copy: sealedOf(game) })).toEqual(fork);
      expect(await store.archive({ copy: { ...sealedOf(game), fence: row.fence } })).toEqual(fork);
      expect(await readGame(store, gameId)).toMatchObject({ status: "live", version: row.version });
      expect(await store.findHistory(gameId)).toBeNull();
    });

    test("is `fork` for a copy that its own lineage's row is ahead of: no older version goes into history", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const row = await flushed(store, afterWrites(game, 3));
      const fork = { gameId: game.gameId, kind: "fork", rowVersion: row.version };
      expect(await store.archive({ copy: sealedOf(game) })).toEqual(fork);
      expect(await readGame(store, game.gameId)).toMatchObject({ status: "live", version: row.version, logCount: 3 });
      expect(await store.findHistory(game.gameId)).toBeNull();
    });

    test("is `fork` for a copy of a higher lineage, where another wrote since that began", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const loaded = await loadGame(store, game.gameId);
      const { version: rowVersion } = await flushed(store, { ...nextOf(game), fence: loaded.fence });
      const fork = { gameId: game.gameId, kind: "fork", rowVersion };
      expect(await store.archive({ copy: sealedOf(loaded) })).toEqual(fork);
      expect(await store.findHistory(game.gameId)).toBeNull();
    });

    test("says what else became of the game: deleted, quarantined, never there", async () => {
      const { store } = bench();
      const archive = async (copy: Parameters<typeof sealedOf>[0]) => store.archive({ copy: sealedOf(copy) });
      const deleted = await gameThatIs("deleted", store);
      expect(await archive(deleted)).toEqual({ gameId: deleted.gameId, kind: "gone", status: "deleted" });
      const quarantined = await gameThatIs("quarantined", store);
      expect(await archive(quarantined)).toEqual({ gameId: quarantined.gameId, kind: "quarantined" });
      const gameId = newGameId();
      expect(await archive({ ...deleted, gameId })).toEqual({ gameId, kind: "orphan" });
      expect(await store.status(gameId)).toBe("missing");
      expect(await archive(await onlyInHistory(store))).toMatchObject({ kind: "already" });
      expect(await store.findHistory(deleted.gameId)).toBeNull();
    });

    test("and a flush of an older copy at once: the game is archived, whole, and stays so", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const game = await createGame(store);
        const [copy, sealed] = [afterWrites(game, 2), afterWrites(game, 4, { status: "ended", outcome })];
        const [[flush], archive] = await Promise.all([other.flush([copy]), store.archive({ copy: sealed })]);
        expect(["written", "contained", "gone"]).toContain(flush?.kind);
        expect(archive.kind).toBe("archived");
        expect(await store.status(game.gameId)).toBe("archived");
        expect(await store.readLog(game.gameId, { from: 1, limit: 10 })).toEqual([]);
        const { replay = "" } = (await store.readReplay(game.gameId)) ?? {};
        expect(JSON.parse(replay).log).toEqual([1, 2, 3, 4].map((entry) => ({ entry })));
      }
    });

    test("and a load at once: archived, or the load came first and its fence is returned", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const game = await createGame(store);
        const [archive, load] = await Promise.all([store.archive({ copy: sealedOf(game) }), other.load(game.gameId)]);
        if (load.kind === "row") expect(archive).toMatchObject({ kind: "fence", fence: load.game.fence });
        else expect([archive.kind, load]).toEqual(["archived", { kind: "none", status: "archived" }]);
      }
    });

    test("and a deletion at once: one of the two, and never both", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const { gameId, ...game } = await createGame(store);
        const copy = sealedOf({ gameId, ...game });
        const [archive, before] = await Promise.all([store.archive({ copy }), other.remove(gameId)]);
        const status = await store.status(gameId);
        const isArchived = archive.kind === "archived";
        expect({ before, status }).toEqual(
          isArchived ? { before: "archived", status: "archived" } : { before: "live", status: "deleted" },
        );
        if (!isArchived) expect(archive).toEqual({ gameId, kind: "gone", status: "deleted" });
        expect((await store.findHistory(gameId)) !== null).toBe(isArchived);
      }
    });
  });
}
