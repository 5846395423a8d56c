import { describe, expect, test } from "vitest";
import { installed, newGameId, newGameOf, nextOf, outcome, sealedOf } from "../../fixtures.js";
import {
  afterWrites,
  archived,
  createGame,
  flushed,
  gameThatIs,
  onlyInHistory,
  readGame,
  statuses,
} from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

const player = "one";
const origin = {
  ...{ gameType: "ranked", playerIds: [player, "two"], npcId: "npc", rules: '{"deck":40}', rulesVersion: 2 },
  startedAt: 5_000,
};

export function recreatingTests(bench: () => StoreBench): void {
  describe("recreate", () => {
    /** What a cache has of a game whose row the store has lost. */
    const lost = async () => ({ ...afterWrites(await createGame(bench().store), 2), gameId: newGameId() });

    test("makes the row as the copy has it, with what its row said before and the entries that it has", async () => {
      const { store, other } = bench();
      const copy = await lost();
      const { base: _, entries: __, lastActionAt: ___, ...row } = copy;
      expect(await store.recreate({ ...copy, logCount: 7, origin })).toBe(true);
      expect(await readGame(other, copy.gameId)).toMatchObject({ ...row, ...origin, logCount: 7 });
      const log = copy.entries.map((entry, n) => ({ seq: 6 + n, entry }));
      expect(await other.readLog(copy.gameId, { from: 1, limit: 10 })).toEqual(log);
    });

    test("makes it with the metadata that it is given, which the next change is newer than", async () => {
      const { store, other } = bench();
      const copy = await lost();
      expect(await store.recreate({ ...copy, origin, metadata: '{"seats":2}' })).toBe(true);
      const { metadata, metadataVersion } = await readGame(other, copy.gameId);
      expect(metadata).toBe('{"seats":2}');
      const late = await other.setMetadata(copy.gameId, { base: "0", metadata: "{}" });
      expect(late).toEqual({ kind: "newer", metadata, metadataVersion });
      expect(await other.setMetadata(copy.gameId, { base: metadataVersion, metadata: "{}" })).toMatchObject({
        kind: "written",
      });
    });

    test("makes a row that takes the copy's next flush, and contains what was made", async () => {
      const { store } = bench();
      const copy = await lost();
      await store.recreate({ ...copy, origin });
      const { gameId, version } = copy;
      expect(await store.flush([copy])).toEqual([{ gameId, kind: "contained", rowVersion: version }]);
      await flushed(store, nextOf(copy));
      await flushed(store, nextOf(installed(await readGame(store, gameId)), { fence: copy.fence }));
    });

    test("makes a sealed game's row too, which is archived as incomplete: its beginning is lost", async () => {
      const { store } = bench();
      const copy = { ...(await lost()), status: "ended" as const, outcome, dueAt: null };
      await store.recreate({ ...copy, origin });
      expect(await readGame(store, copy.gameId)).toMatchObject({ status: "ended", outcome });
      const reply = await store.archive({ copy });
      expect(reply).toMatchObject({ kind: "archived", record: { incomplete: true, playedAt: 5_000, npcId: "npc" } });
      expect(JSON.parse((await store.readReplay(copy.gameId))?.replay ?? "")).toMatchObject({ initialState: null });
    });

    test.each(statuses)("changes nothing of a game that is %s", async (status) => {
      const { store, other } = bench();
      const copy = await gameThatIs(status, store);
      const before = await store.read(copy.gameId);
      expect(await store.recreate({ ...afterWrites(copy, 3), origin })).toBe(false);
      expect(await other.read(copy.gameId)).toEqual(before);
      expect(await other.status(copy.gameId)).toBe(status);
    });

    test("makes none where only history is left, or a tombstone without a game", async () => {
      const { store } = bench();
      expect(await store.recreate({ ...nextOf(await onlyInHistory(store)), origin })).toBe(false);
      const copy = await lost();
      expect(await store.remove(copy.gameId, { markMissing: true })).toBe("missing");
      expect(await store.status(copy.gameId)).toBe("deleted");
      expect(await store.recreate({ ...copy, origin })).toBe(false);
      expect(await store.create(newGameOf(copy.gameId))).toEqual({ kind: "exists", status: "deleted" });
    });

    test("and a removal that marks it at once: the game is deleted, whichever is first", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const copy = await lost();
        await Promise.all([store.recreate({ ...copy, origin }), other.remove(copy.gameId, { markMissing: true })]);
        expect(await store.status(copy.gameId)).toBe("deleted");
      }
    });

    test("twice makes one row", async () => {
      const { store, other } = bench();
      const copy = { ...(await lost()), origin };
      const made = await Promise.all([store.recreate(copy), other.recreate(copy)]);
      expect(made.toSorted()).toEqual([false, true]);
      await archived(store, sealedOf(await readGame(store, copy.gameId), { fence: copy.fence }));
    });
  });
}
