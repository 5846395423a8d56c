import type { IncompleteArchiveRequest } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { newGameId, newGameOf, nextOf, outcome } from "../../fixtures.js";
import { createGame, gameThatIs, onlyInHistory } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

function requestOf(gameId: string, changes: Partial<IncompleteArchiveRequest> = {}): IncompleteArchiveRequest {
  return {
    gameId,
    gameType: "freeplay",
    playerIds: ["one", "two"],
    npcId: null,
    rules: '{ "deck" : 60 }',
    rulesVersion: 4,
    outcome,
    state: '{ "last" : [ ] }',
    turnCount: 12,
    ...changes,
  };
}

export function archivingIncompleteTests(bench: () => StoreBench): void {
  describe("archiveIncomplete", () => {
    test("writes history from what is given, marked incomplete, and uses the id up", async () => {
      const { store, other } = bench();
      const [gameId, player] = [newGameId(), newGameId()];
      const request = requestOf(gameId, { playerIds: [player], npcId: "rival" });
      const reply = await store.archiveIncomplete(request);
      if (reply.kind !== "archived") throw new Error(`answered with ${reply.kind}`);
      expect(reply.record).toMatchObject({
        gameId,
        gameType: "freeplay",
        playerIds: [player],
        npcId: "rival",
        outcome,
        turnCount: 12,
        durationSeconds: 0,
        incomplete: true,
      });
      expect(await other.findHistory(gameId)).toEqual(reply.record);
      expect((await other.listHistory(player, {})).items).toEqual([reply.record]);
      expect(await other.status(gameId)).toBe("archived");
      expect(await other.create(newGameOf(gameId))).toEqual({ kind: "exists", status: "archived" });
    });

    test("keeps a replay of the given state and rules, byte for byte, with the archiver's fields", async () => {
      const { store } = bench();
      const gameId = newGameId();
      await store.archiveIncomplete(requestOf(gameId, { extraReplay: '{"why":"lost"}' }));
      const { replay = "" } = (await store.readReplay(gameId)) ?? {};
      expect(JSON.parse(replay)).toEqual({
        initialState: null,
        log: [],
        rules: { deck: 60 },
        finalState: { last: [] },
        why: "lost",
      });
      expect(replay).toContain('"finalState":{ "last" : [ ] }');
      expect(replay).toContain('"rules":{ "deck" : 60 }');
    });

    test("works without any state", async () => {
      const { store } = bench();
      const gameId = newGameId();
      expect(await store.archiveIncomplete(requestOf(gameId, { state: null }))).toMatchObject({ kind: "archived" });
      expect(JSON.parse((await store.readReplay(gameId))?.replay ?? "")).toMatchObject({ finalState: null });
    });

    test("is `active` where there is a row after all, `deleted` where it was deleted", async () => {
      const { store } = bench();
      for (const status of ["live", "ended", "quarantined"] as const) {
        const { gameId } = await gameThatIs(status, store);
        expect(await store.archiveIncomplete(requestOf(gameId))).toEqual({ kind: "active" });
        expect(await store.status(gameId)).toBe(status);
        expect(await store.findHistory(gameId)).toBeNull();
      }
      const { gameId } = await gameThatIs("deleted", store);
      expect(await store.archiveIncomplete(requestOf(gameId))).toEqual({ kind: "deleted" });
      expect(await store.findHistory(gameId)).toBeNull();
    });

    test("is `already` where history has the game, whole or incomplete", async () => {
      const { store } = bench();
      const lost = newGameId();
      await store.archiveIncomplete(requestOf(lost));
      const whole = await gameThatIs("archived", store);
      const purged = await onlyInHistory(store);
      for (const gameId of [lost, whole.gameId, purged.gameId]) {
        const record = await store.findHistory(gameId);
        const again = requestOf(gameId, { turnCount: 99 });
        expect(await store.archiveIncomplete(again)).toEqual({ kind: "already", record });
        expect(await store.findHistory(gameId)).toEqual(record);
      }
    });

    test("by many at once writes one record", async () => {
      const { store, other } = bench();
      const gameId = newGameId();
      const replies = await Promise.all([store, other, store].map((one) => one.archiveIncomplete(requestOf(gameId))));
      expect(replies.map(({ kind }) => kind).sort()).toEqual(["already", "already", "archived"]);
    });

    test("and a creation at once: one of the two, and never both", async () => {
      const { store, other } = bench();
      for (let round = 0; round < 8; round += 1) {
        const gameId = newGameId();
        const [archive, create] = await Promise.all([
          store.archiveIncomplete(requestOf(gameId)),
          other.create(newGameOf(gameId)),
        ]);
        const isCreated = create.kind === "created";
        expect(archive.kind).toBe(isCreated ? "active" : "archived");
        expect(await store.status(gameId)).toBe(isCreated ? "live" : "archived");
        expect((await store.findHistory(gameId)) === null).toBe(isCreated);
      }
    });

    test("makes later flushes of the lost game find it gone", async () => {
      const { store } = bench();
      const gameId = newGameId();
      const copy = nextOf({ ...(await createGame(store)), gameId });
      await store.archiveIncomplete(requestOf(gameId));
      expect(await store.flush([copy])).toEqual([{ gameId, kind: "gone", status: "archived" }]);
    });
  });
}
