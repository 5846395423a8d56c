import type { GameFilter, IdPage } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { newGameId, nextOf } from "../../fixtures.js";
import { pass } from "../../time.js";
import {
  allIds,
  allPages,
  createGame,
  flushed,
  gameThatIs,
  neighbours,
  oneOfEach,
  onlyInHistory,
  readGame,
  statuses,
} from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

export function listingByIdTests(bench: () => StoreBench): void {
  const listings = [
    { name: "active", filter: "active", shown: ["live", "ended"] },
    { name: "ended", filter: "ended", shown: ["ended"] },
    { name: "idle", filter: { idleForMs: 0 }, shown: ["live"] },
    { name: "due", filter: { dueBy: 1_000_000 }, shown: ["live"] },
  ] as const;

  describe.each(listings)("listIds of $name games", ({ filter, shown }) => {
    const page = (request: IdPage) => bench().other.listIds(filter, request);

    test(`gives the ids of games that are ${shown.join(" or ")}, each once, in order`, async () => {
      const games = await oneOfEach(bench().store);
      const all = await allIds(page);
      expect(all).toEqual([...new Set(all)].sort());
      const own = statuses.filter((status) => all.includes(games[status]));
      expect(own).toEqual([...shown]);
    });

    test("gives at most so many ids after one, which need not be there", async () => {
      const { store } = bench();
      const ids = neighbours(5);
      const [absent = "", ...there] = ids;
      for (const gameId of there) await gameThatIs(shown[0], store, { gameId });
      expect(await page({ after: absent, limit: 2 })).toEqual(there.slice(0, 2));
      expect(await page({ after: there[1] ?? "", limit: 1 })).toEqual(there.slice(2, 3));
      expect((await allIds(page, 3)).filter((gameId) => ids.includes(gameId))).toEqual(there);
    });
  });

  describe("listIds of idle games", () => {
    test("asks the store's clock how long nothing happened", async () => {
      const { store, hooks } = bench();
      const { gameId } = await gameThatIs("live", store);
      const idle = (idleForMs: number) => allIds((page) => store.listIds({ idleForMs }, page));
      expect(await idle(3_600_000)).not.toContain(gameId);
      await pass(store, 40, hooks.passTime);
      expect(await idle(40)).toContain(gameId);
    });

    test("takes a flush for activity", async () => {
      const { store, hooks } = bench();
      const game = await createGame(store);
      await pass(store, 1, hooks.passTime);
      await flushed(store, nextOf(game));
      expect((await readGame(store, game.gameId)).lastActionAt).toBeGreaterThan(game.lastActionAt);
    });
  });

  describe("listIds of due games", () => {
    const dueBy = (time: number) => allIds((page) => bench().other.listIds({ dueBy: time }, page));

    test("gives what is due at that time or before, and not what is never due", async () => {
      const { store } = bench();
      const [due, never] = [await createGame(store, { dueAt: 70 }), await createGame(store, { dueAt: null })];
      expect(await dueBy(69)).not.toContain(due.gameId);
      expect(await dueBy(70)).toContain(due.gameId);
      expect(await dueBy(Number.MAX_SAFE_INTEGER)).not.toContain(never.gameId);
    });

    test("follows every write of the row, and knows times up to 2^53", async () => {
      const { store } = bench();
      const game = await createGame(store, { dueAt: 70 });
      const late = Number.MAX_SAFE_INTEGER;
      const copy = await flushed(store, nextOf(game, { dueAt: late }));
      expect((await readGame(store, game.gameId)).dueAt).toBe(late);
      expect(await dueBy(late - 1)).not.toContain(game.gameId);
      expect(await dueBy(late)).toContain(game.gameId);
      const next = await flushed(store, nextOf(copy, { dueAt: 80 }));
      expect(await dueBy(80)).toContain(game.gameId);
      await flushed(store, nextOf(next, { dueAt: null }));
      expect(await dueBy(late)).not.toContain(game.gameId);
    });
  });

  describe("listVersions", () => {
    test("gives the versions of live and ended games and of their metadata, and fences nothing", async () => {
      const { store, other } = bench();
      const { archived, deleted, live, ended, quarantined } = await oneOfEach(store);
      await store.setMetadata(live, { base: "0", metadata: "{}" });
      const rows = await Promise.all([live, ended].map((gameId) => readGame(store, gameId)));
      const asked = [deleted, ended, newGameId(), live, archived, quarantined];
      const versions = new Map(
        rows.map(({ gameId, version, metadataVersion }) => [gameId, { version, metadataVersion }]),
      );
      expect(await other.listVersions(asked)).toEqual(versions);
      expect(await other.listVersions([])).toEqual(new Map());
      expect(await Promise.all([live, ended].map((gameId) => readGame(store, gameId)))).toEqual(rows);
    });
  });

  describe("listGone", () => {
    test("gives those that are archived, also where only history is left, or deleted", async () => {
      const { store, other } = bench();
      const { gameId: inHistory } = await onlyInHistory(store);
      const { archived, deleted, live, ended, quarantined } = await oneOfEach(bench().store);
      const asked = [live, deleted, newGameId(), inHistory, ended, archived, quarantined];
      expect([...(await other.listGone(asked))].sort()).toEqual([archived, deleted, inHistory].sort());
      expect(await other.listGone([live])).toEqual([]);
      expect(await other.listGone([])).toEqual([]);
    });
  });

  describe("countActive", () => {
    test("counts live and ended games", async () => {
      const { store, other } = bench();
      const before = await other.countActive();
      await oneOfEach(bench().store);
      expect(await other.countActive()).toBe(before + 2);
      await gameThatIs("live", store);
      expect(await other.countActive()).toBe(before + 3);
    });
  });

  describe("listGames", () => {
    const list = async (filter: GameFilter, limit: number) =>
      allPages((page) => bench().other.listGames(filter, page), limit);

    test("gives what there is of each game that is not deleted, by id, those only in history among them", async () => {
      const { store } = bench();
      const games = await oneOfEach(store);
      const { gameId: inHistory } = await onlyInHistory(store);
      for (const limit of [13, 500]) {
        const all = await list({}, limit);
        const ids = all.map(({ gameId }) => gameId);
        expect(ids).toEqual([...new Set(ids)].sort());
        const own = all.filter(({ gameId }) => Object.values(games).includes(gameId));
        expect(own.map(({ gameId, status }) => [gameId, status])).toEqual(
          (["live", "ended", "archived", "quarantined"] as const).map((status) => [games[status], status]).sort(),
        );
        expect(ids).toContain(inHistory);
      }
      const row = await readGame(store, games.live);
      const { gameId, gameType, playerIds, npcId, rulesVersion, turnNumber, startedAt, lastActionAt } = row;
      const facts = { gameId, gameType, playerIds, npcId, rulesVersion, turnNumber, startedAt };
      expect((await list({ statuses: ["live"] }, 500)).find((one) => one.gameId === gameId)).toEqual({
        ...facts,
        ...{ status: "live", outcome: null, updatedAt: lastActionAt },
      });
      const record = await store.findHistory(games.archived);
      expect((await list({ statuses: ["archived"] }, 500)).find((one) => one.gameId === games.archived)).toMatchObject({
        ...{ outcome: record?.outcome, turnNumber: record?.turnCount },
        ...{ startedAt: record?.playedAt, updatedAt: record?.endedAt },
      });
    });

    test("by type, rules and last activity, whose bounds are not within", async () => {
      const { store } = bench();
      const [one, two] = [
        await createGame(store, { gameType: "listed", rulesVersion: 81 }),
        await createGame(store, { gameType: "listed", rulesVersion: 82 }),
      ];
      const ids = async (filter: GameFilter) =>
        (await list({ gameType: "listed", ...filter }, 50)).map(({ gameId }) => gameId);
      expect((await ids({})).sort()).toEqual([one.gameId, two.gameId].sort());
      expect(await ids({ rulesVersion: 82 })).toEqual([two.gameId]);
      const at = one.lastActionAt;
      expect(await ids({ updatedBefore: at })).toEqual([]);
      expect(await ids({ rulesVersion: 81, updatedAfter: at })).toEqual([]);
      expect(await ids({ rulesVersion: 81, updatedAfter: at - 1, updatedBefore: at + 1 })).toEqual([one.gameId]);
      await expect(store.listGames({}, { after: "elsewhere" })).rejects.toMatchObject({ code: "InvalidInput" });
    });
  });

  describe("countByRules", () => {
    test("counts live and ended games by the version of the rules that they began under", async () => {
      const { store, other } = bench();
      const of = async (rules: number) => (await other.countByRules()).get(rules) ?? 0;
      const before = [await of(71), await of(72)];
      for (const status of statuses) await gameThatIs(status, store, { rulesVersion: 71 });
      await gameThatIs("live", store, { rulesVersion: 72 });
      expect([await of(71), await of(72)]).toEqual(before.map((count, n) => count + 2 - n));
    });
  });

  describe("countQuarantined", () => {
    test("counts quarantined games, until they are deleted", async () => {
      const { store, other } = bench();
      const before = await other.countQuarantined();
      const { quarantined } = await oneOfEach(bench().store);
      expect(await other.countQuarantined()).toBe(before + 1);
      await store.remove(quarantined);
      expect(await other.countQuarantined()).toBe(before);
    });
  });
}
