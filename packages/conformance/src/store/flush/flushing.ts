import { describe, expect, test } from "vitest";
import { newGameId, nextOf, outcome, sealedOf, version } from "../../fixtures.js";
import { afterWrites, createGame, entry, flushed, gameThatIs, loadGame, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function flushingTests(bench: () => StoreBench): void {
  describe("flush", () => {
    test("writes what changed, and never the facts, the start and the fence", async () => {
      const { store, other } = bench();
      const game = await createGame(store, { npcId: "rival" });
      const copy = afterWrites(game, 3, { schemaVersion: 2, turnNumber: 9, state: '{"new":[]}' });
      expect(await store.flush([copy])).toEqual([{ gameId: game.gameId, kind: "written" }]);
      const { lastActionAt, ...row } = await readGame(other, game.gameId);
      const { gameType, playerIds, npcId, rules, rulesVersion, metadata, metadataVersion, startedAt, fence } = game;
      const { entries, base, lastActionAt: _, ...written } = copy;
      expect(row).toEqual({
        ...{ metadata, metadataVersion },
        ...written,
        gameType,
        playerIds,
        npcId,
        rules,
        rulesVersion,
        startedAt,
        fence,
      });
      expect(lastActionAt).toBeGreaterThanOrEqual(game.lastActionAt);
    });

    test("takes the end of a game, with its outcome", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const npcWon = { endReason: "deck_out", winnerIds: [], winnerIsNpc: true } as const;
      await flushed(store, sealedOf(game, { outcome: npcWon }));
      expect(await readGame(store, game.gameId)).toMatchObject({ status: "ended", outcome: npcWon });
    });

    test("of a copy loaded later writes its new lineage over the row's higher revision", async () => {
      const { store } = bench();
      const game = await createGame(store);
      await flushed(store, afterWrites(game, 9));
      const { fence, ...loaded } = await loadGame(store, game.gameId);
      const copy = nextOf({ ...loaded, fence, version: version(`${fence}.3`) });
      await flushed(store, copy);
      expect(await readGame(store, game.gameId)).toMatchObject({ version: `${fence}.4`, state: copy.state });
    });

    test("counts revisions and lineages as numbers, exactly, beyond 2^53", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const at = (text: string) => nextOf(game, { version: version(text), logCount: 0, entries: [] });
      const { gameId, fence } = game;
      const contained = (text: string) => [{ gameId, kind: "contained", rowVersion: text }];
      await flushed(store, at(`${fence}.9`));
      await flushed(store, at(`${fence}.10`));
      expect(await store.flush([at(`${fence}.9`)])).toEqual(contained(`${fence}.10`));
      const beyond = 2n ** 53n + BigInt(fence);
      const even = String(beyond + (beyond % 2n));
      const odd = String(BigInt(even) + 1n);
      await flushed(store, at(`${fence}.${even}`));
      await flushed(store, at(`${fence}.${odd}`));
      expect(await store.flush([at(`${fence}.${even}`)])).toEqual(contained(`${fence}.${odd}`));
      await flushed(store, { ...at(`${odd}.1`), base: version(`${fence}.${odd}`) });
      expect(await store.flush([at(`${even}.7`)])).toEqual([{ gameId, kind: "fork", rowVersion: `${odd}.1` }]);
      expect(await readGame(store, gameId)).toMatchObject({ version: `${odd}.1` });
    });

    test("answers for each game of a batch, in the order given, and one refusal stops no other", async () => {
      const { store, other } = bench();
      const [written, again, forked, fenced] = [
        await createGame(store),
        await createGame(store),
        await createGame(store),
        await createGame(store),
      ];
      const held = await flushed(store, nextOf(again));
      const reloaded = await flushed(store, nextOf(await loadGame(store, forked.gameId)));
      const fresh = await loadGame(store, fenced.gameId);
      const [archivedCopy, deletedCopy, quarantinedCopy] = [
        await gameThatIs("archived", store),
        await gameThatIs("deleted", store),
        await gameThatIs("quarantined", store),
      ];
      const missing = nextOf({ ...written, gameId: newGameId() });
      const batch = [
        { copy: nextOf(quarantinedCopy), became: { kind: "quarantined" } },
        { copy: held, became: { kind: "contained", rowVersion: held.version } },
        { copy: missing, became: { kind: "orphan" } },
        { copy: nextOf(written), became: { kind: "written" } },
        { copy: nextOf(archivedCopy), became: { kind: "gone", status: "archived" } },
        { copy: nextOf(forked), became: { kind: "fork", rowVersion: reloaded.version } },
        { copy: nextOf(deletedCopy), became: { kind: "gone", status: "deleted" } },
        { copy: nextOf(fenced), became: { kind: "fence", fence: fresh.fence } },
      ];
      const outcomes = await other.flush(batch.map(({ copy }) => copy));
      expect(outcomes).toEqual(batch.map(({ copy, became }) => ({ gameId: copy.gameId, ...became })));
      expect(await store.flush([])).toEqual([]);
    });

    test("of the same games by many at once never hangs and ends with the newest of each", async () => {
      const { store, other } = bench();
      const games = await Promise.all(Array.from({ length: 12 }, () => createGame(store)));
      const batch = (writes: number) => games.map((game) => afterWrites(game, writes));
      const replies = await Promise.all([
        store.flush(batch(1)),
        other.flush(batch(3).reverse()),
        store.flush(batch(4)),
        other.flush(batch(2).reverse()),
      ]);
      const kinds = new Set(replies.flat().map(({ kind }) => kind));
      expect([...kinds].filter((kind) => kind !== "written" && kind !== "contained")).toEqual([]);
      for (const game of games) {
        expect(await readGame(store, game.gameId)).toMatchObject({
          version: afterWrites(game, 4).version,
          logCount: 4,
        });
        const log = await store.readLog(game.gameId, { from: 1, limit: 10 });
        expect(log).toEqual([1, 2, 3, 4].map((seq) => ({ seq, entry: entry(seq) })));
      }
    });

    test("of an ended game is known as such to every process", async () => {
      const { store, other } = bench();
      const { gameId, version: at } = await gameThatIs("ended", store);
      expect(await readGame(other, gameId)).toMatchObject({ status: "ended", version: at, outcome });
    });
  });
}
