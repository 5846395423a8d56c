import type { Outcome } from "@turnkeep/core";
import { describe, expect, test } from "vitest";
import { newGameId, newGameOf, nextOf, outcome, sealedOf } from "../../fixtures.js";
import { pass } from "../../time.js";
import { afterWrites, createGame, entry, flushed, gameThatIs, loadGame, onlyInHistory, readGame } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

/** The replay, parsed; its texts are compared beside it. */
async function replayOf({ store }: StoreBench, gameId: string) {
  const text = (await store.readReplay(gameId))?.replay ?? "";
  return { text, replay: JSON.parse(text) as Record<string, unknown> };
}

const team = ["alice", "two words", "👩‍👩‍👧", '{"quoted", NULL}', "🐢".repeat(128)] as const;

const endings: readonly (readonly [name: string, outcome: Outcome])[] = [
  ["a draw", { endReason: "draw", winnerIds: [], winnerIsNpc: false }],
  ["an NPC won", { endReason: "timeout", winnerIds: [], winnerIsNpc: true }],
  ...team.map((id) => [`${id} won`, { endReason: "finished", winnerIds: [id], winnerIsNpc: false }] as const),
  ["a team won", { endReason: "finished", winnerIds: team, winnerIsNpc: false }],
  [
    "ranks and scores",
    {
      endReason: "finished",
      winnerIds: [team[0]],
      winnerIsNpc: false,
      ranks: Object.fromEntries(team.map((id, n) => [id, n + 1])),
      scores: { [team[0]]: 0.1, [team[1]]: -7, [team[2]]: 1e21, "npc:rival": 5e-324 },
    },
  ],
];

export function archivingTests(bench: () => StoreBench): void {
  describe("archive", () => {
    test("writes a history record with the game's facts, its outcome and its times", async () => {
      const { store, other, hooks } = bench();
      const game = await createGame(store, { gameType: "campaign", npcId: "rival" });
      const copy = sealedOf(game, { turnNumber: 23 });
      await pass(store, 1_000, hooks.passTime);
      const reply = await store.archive({ copy });
      if (reply.kind !== "archived") throw new Error(`answered with ${reply.kind}`);
      const { durationSeconds, endedAt } = reply.record;
      const { gameId, playerIds, startedAt } = game;
      expect(reply.record).toEqual({
        gameId,
        gameType: "campaign",
        playerIds,
        npcId: "rival",
        outcome,
        rulesVersion: game.rulesVersion,
        turnCount: 23,
        durationSeconds,
        incomplete: false,
        playedAt: startedAt,
        endedAt,
      });
      expect(endedAt).toBeGreaterThan(startedAt + 1_000);
      expect(endedAt).toBeLessThanOrEqual(await store.now());
      expect(Math.abs(durationSeconds - (endedAt - startedAt) / 1_000)).toBeLessThanOrEqual(1);
      expect(await other.findHistory(gameId)).toEqual(reply.record);
    });

    test("leaves a tombstone without state and log that no active listing shows", async () => {
      const { store, other } = bench();
      const { gameId, playerIds } = await createGame(store, { playerIds: [newGameId()] });
      const copy = await flushed(store, afterWrites(await loadGame(store, gameId), 2));
      const active = await store.countActive();
      await store.archive({ copy: sealedOf(copy) });
      expect(await other.status(gameId)).toBe("archived");
      expect(await other.read(gameId)).toEqual({ kind: "none", status: "archived" });
      expect(await other.readLog(gameId, { from: 1, limit: 10 })).toEqual([]);
      expect(await other.countActive()).toBe(active - 1);
      expect(await other.listActive(playerIds[0] ?? "", {})).toEqual({ items: [], next: null });
    });

    test("composes the replay: initial state, the log in order, rules and final state, byte for byte", async () => {
      const { store } = bench();
      const [initial, final, rules] = ['{ "moves" : [ ], "n":1.10 }', '{"end": [1e2 ,{}]}', '{ "deck" : 6.0e1 }'];
      const game = await createGame(store, { state: initial, rules });
      const half = await flushed(store, afterWrites(game, 11));
      const copy = sealedOf(half, { state: final, entries: [entry(12)], logCount: 12 });
      await store.archive({ copy });
      const { text, replay } = await replayOf(bench(), game.gameId);
      expect(Object.keys(replay).sort()).toEqual(["finalState", "initialState", "log", "rules"]);
      expect(replay.log).toEqual(Array.from({ length: 12 }, (_, n) => ({ entry: n + 1 })));
      for (const part of [`"initialState":${initial}`, `"finalState":${final}`, `"rules":${rules}`]) {
        expect(text).toContain(part);
      }
      expect(text).toContain(Array.from({ length: 12 }, (_, n) => entry(n + 1)).join(","));
    });

    test("takes the log's tail with the copy: nothing flushed before, or a part that overlaps", async () => {
      const { store } = bench();
      const fresh = await createGame(store);
      await store.archive({ copy: afterWrites(fresh, 3, { status: "ended", outcome }) });
      const half = await createGame(store);
      await flushed(store, afterWrites(half, 2));
      await store.archive({ copy: afterWrites(half, 3, { status: "ended", outcome }) });
      for (const { gameId } of [fresh, half]) {
        const { replay } = await replayOf(bench(), gameId);
        expect(replay.log).toEqual([{ entry: 1 }, { entry: 2 }, { entry: 3 }]);
      }
    });

    test("of a game that was ended and flushed already, and of one without a log", async () => {
      const { store } = bench();
      const ended = await flushed(store, sealedOf(await createGame(store), { entries: [], logCount: 0 }));
      expect(await store.archive({ copy: ended })).toMatchObject({ kind: "archived" });
      expect((await replayOf(bench(), ended.gameId)).replay.log).toEqual([]);
    });

    test("of a game whose log has a gap is marked incomplete, and has the entries that are there", async () => {
      const { store, other } = bench();
      const half = await flushed(store, afterWrites(await createGame(store), 2));
      const copy = afterWrites(half, 4, { entries: [entry(6)], status: "ended", outcome });
      expect(await store.archive({ copy })).toMatchObject({ kind: "archived", record: { incomplete: true } });
      expect(await other.findHistory(copy.gameId)).toMatchObject({ incomplete: true });
      expect((await replayOf(bench(), copy.gameId)).replay.log).toEqual([{ entry: 1 }, { entry: 2 }, { entry: 6 }]);
    });

    test("of a game whose log has more than the copy is marked incomplete, and has all entries that are there", async () => {
      const { store } = bench();
      const row = await flushed(store, afterWrites(await createGame(store), 3));
      const copy = afterWrites(row, 4, { entries: [], logCount: 2, status: "ended", outcome });
      expect(await store.archive({ copy })).toMatchObject({ kind: "archived", record: { incomplete: true } });
      expect((await replayOf(bench(), copy.gameId)).replay.log).toEqual([{ entry: 1 }, { entry: 2 }, { entry: 3 }]);
    });

    test("merges the archiver's own fields into the replay", async () => {
      const { store } = bench();
      const [copy, plain] = [sealedOf(await createGame(store)), sealedOf(await createGame(store))];
      await store.archive({ copy, extraReplay: ' { "seed" : 12345678901234567890, "by": {"log": []} } ' });
      const { text, replay } = await replayOf(bench(), copy.gameId);
      expect(Object.keys(replay).sort()).toEqual(["by", "finalState", "initialState", "log", "rules", "seed"]);
      expect(text).toContain("12345678901234567890");
      await store.archive({ copy: plain, extraReplay: "{ }" });
      expect(Object.keys((await replayOf(bench(), plain.gameId)).replay)).toHaveLength(4);
    });

    test.each(['{"log":[]}', '{"a":1,"finalState":null}', "[1]", "null", "{", '"text"'])(
      "refuses %s as the archiver's fields, and the game stays",
      async (extraReplay) => {
        const { store } = bench();
        const copy = sealedOf(await createGame(store));
        await expect(store.archive({ copy, extraReplay })).rejects.toMatchObject({ code: "InvalidInput" });
        expect(await store.status(copy.gameId)).toBe("live");
        expect(await store.findHistory(copy.gameId)).toBeNull();
      },
    );

    test("refuses a copy that is not sealed", async () => {
      const { store } = bench();
      const game = await createGame(store);
      const refused = { code: "InvalidInput" };
      await expect(store.archive({ copy: nextOf(game) })).rejects.toMatchObject(refused);
      await expect(store.archive({ copy: nextOf(game, { status: "ended" }) })).rejects.toMatchObject(refused);
      expect(await readGame(store, game.gameId)).toEqual(game);
    });

    test.each(endings)("keeps how a game of players with any names ended: %s", async (_, ending) => {
      const { store, other } = bench();
      const game = await createGame(store, { playerIds: team });
      const copy = await flushed(store, sealedOf(game, { outcome: ending }));
      expect((await readGame(other, game.gameId)).outcome).toEqual(ending);
      const { items } = await other.listActive(team[1], {});
      expect(items.find(({ gameId }) => gameId === game.gameId)?.outcome).toEqual(ending);
      await store.archive({ copy });
      const record = await other.findHistory(game.gameId);
      expect(record).toMatchObject({ playerIds: team });
      expect(record?.outcome).toEqual(ending);
      const alone = { ...newGameOf(newGameId(), { playerIds: team }), outcome: ending, turnCount: 1 };
      expect(await store.archiveIncomplete(alone)).toMatchObject({ record: { outcome: ending } });
    });

    test("finds no record and no replay of a game that was not archived", async () => {
      const { store } = bench();
      const { gameId } = await gameThatIs("ended", store);
      expect(await store.findHistory(gameId)).toBeNull();
      expect(await store.readReplay(gameId)).toBeNull();
    });

    test("keeps record and replay when the tombstone is purged", async () => {
      const { store } = bench();
      const { gameId } = await onlyInHistory(store);
      const record = await store.findHistory(gameId);
      expect(record).toMatchObject({ gameId });
      expect(await store.readReplay(gameId)).toMatchObject({ record });
    });
  });
}
