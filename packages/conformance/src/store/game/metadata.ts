import { describe, expect, test } from "vitest";
import { above, newGameId, nextOf } from "../../fixtures.js";
import { archived, createGame, flushed, gameThatIs, loadGame, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function metadataTests<Tx>(bench: () => StoreBench<Tx>): void {
  describe("setMetadata", () => {
    const text = '{ "seats" : {"0": "é"} }';

    test("changes what stands beside the state, in a higher version, and nothing else", async () => {
      const { store, other } = bench();
      const game = await createGame(store, { metadata: '{"seats":{}}' });
      expect(BigInt(game.metadataVersion)).toBeGreaterThan(0n);
      const reply = await store.setMetadata(game.gameId, { base: game.metadataVersion, metadata: text });
      if (reply.kind !== "written") throw new Error(`answered with ${reply.kind}`);
      expect(BigInt(reply.metadataVersion)).toBeGreaterThan(BigInt(game.metadataVersion));
      const { metadata, metadataVersion } = reply;
      expect(metadata).toBe(text);
      expect(await readGame(other, game.gameId)).toEqual({ ...game, metadata, metadataVersion });
      await flushed(store, nextOf(game));
      expect(await loadGame(other, game.gameId)).toMatchObject({ metadata, metadataVersion });
    });

    test("of two changes from one version takes the first, and gives it to the second", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const { gameId, metadataVersion: base } = await createGame(store);
        expect(base).toBe("0");
        const replies = await Promise.all([
          store.setMetadata(gameId, { base, metadata: '"one"' }),
          other.setMetadata(gameId, { base, metadata: '"two"' }),
        ]);
        expect(replies.map(({ kind }) => kind).sort()).toEqual(["newer", "written"]);
        const { metadata, metadataVersion } = await readGame(store, gameId);
        for (const reply of replies) expect(reply).toMatchObject({ metadata, metadataVersion });
      }
    });

    test("over a row that is older than what the change was made from, as after a restore, is above both", async () => {
      const { store } = bench();
      const { gameId, metadataVersion } = await createGame(store, { metadata: "{}" });
      const base = above(metadataVersion, 5_000_000_000);
      const reply = await store.setMetadata(gameId, { base, metadata: text });
      expect(reply.kind).toBe("written");
      expect(BigInt((await readGame(store, gameId)).metadataVersion)).toBeGreaterThan(BigInt(base));
    });

    test("goes into history with the game, and changes no more", async () => {
      const { store, other } = bench();
      const { gameId, metadataVersion: base } = await createGame(store);
      await store.setMetadata(gameId, { base, metadata: text });
      await archived(store, await readGame(store, gameId));
      expect((await other.readReplay(gameId))?.metadata).toBe(text);
      const late = await other.setMetadata(gameId, { base: above(base, 9), metadata: "{}" });
      expect(late).toEqual({ kind: "none", status: "archived" });
      expect((await other.readReplay(gameId))?.metadata).toBe(text);
    });

    test("of a game that is not there changes nothing and says why; an ended one takes it", async () => {
      const { store } = bench();
      const request = { base: "0", metadata: text };
      expect(await store.setMetadata(newGameId(), request)).toEqual({ kind: "none", status: "missing" });
      const { gameId: deleted } = await gameThatIs("deleted", store);
      expect(await store.setMetadata(deleted, request)).toEqual({ kind: "none", status: "deleted" });
      const { gameId: quarantined } = await gameThatIs("quarantined", store);
      expect(await store.setMetadata(quarantined, request)).toMatchObject({ kind: "quarantined" });
      const { gameId: ended } = await gameThatIs("ended", store);
      expect(await store.setMetadata(ended, request)).toMatchObject({ kind: "written" });
    });

    test("in the caller's transaction waits for its commit", async () => {
      const { store, other, hooks } = bench();
      const { gameId } = await createGame(store);
      await hooks.transaction(async (transaction) => {
        await store.setMetadata(gameId, { base: "0", metadata: text }, { transaction });
        expect((await readGame(other, gameId)).metadata).toBeNull();
      });
      expect((await readGame(other, gameId)).metadata).toBe(text);
    });
  });
}
