import { alice, bob, draw, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import type { GameFilter, ListedGame, Page } from "@turnkeep/core/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test("a player's games are listed in pages, without their states", async () => {
  const { manager } = await world.server();
  for (let n = 0; n < 5; n++) await manager.createGame(newCounter(), facts);
  await manager.createGame(newCounter(undefined, { players: [bob] }), { gameType: "freeplay", playerIds: [bob] });
  expect(await manager.getActiveGameCount()).toBe(6);
  const first = await manager.getPlayerActiveGames(alice, { limit: 3 });
  const second = await manager.getPlayerActiveGames(alice, { limit: 3, after: first.next });
  expect([first.items.length, second.items.length, second.next]).toEqual([3, 2, null]);
  expect(new Set([...first.items, ...second.items].map(({ gameId }) => gameId)).size).toBe(5);
  expect(JSON.stringify([first, second])).not.toContain("word-of");
});

test("all games are listed by type, status and last activity, live and finished, in pages", async () => {
  const { manager } = await world.server();
  const made: string[] = [];
  for (let n = 0; n < 5; n++) made.push((await manager.createGame(newCounter(), facts)).state.gameId);
  await manager.endGame(made[0] ?? "", draw);
  const free = (await manager.createGame(newCounter(), { gameType: "freeplay" })).state.gameId;
  const ids = async (filter: GameFilter, limit = 2) => {
    const found: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Page<ListedGame> = await manager.listGames(filter, { limit, after });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(({ gameId }) => gameId));
      if (page.next === null) return found;
      after = page.next;
    }
  };
  expect(await ids({})).toEqual([...made, free].sort());
  expect(await ids({ gameType: "freeplay" })).toEqual([free]);
  expect(await ids({ statuses: ["archived"] })).toEqual([made[0]]);
  expect(await ids({ statuses: ["live"], gameType: "ranked" })).toEqual(made.slice(1).sort());
  const [{ updatedAt = 0, outcome } = {}] = (await manager.listGames({ statuses: ["archived"] })).items;
  expect(outcome).toEqual(draw);
  expect(await ids({ statuses: ["archived"], updatedAfter: updatedAt })).toEqual([]);
  expect(await ids({ statuses: ["archived"], updatedBefore: updatedAt })).toEqual([]);
  expect(await ids({ updatedAfter: updatedAt - 1, statuses: ["archived"] })).toEqual([made[0]]);
  const bad = [{ gameType: "No Word" }, { statuses: ["deleted"] }, { updatedAfter: "now" }, { other: 1 }];
  for (const filter of bad)
    await expect(manager.listGames(filter as never)).rejects.toMatchObject({ code: "InvalidInput" });
  await expect(manager.listGames({}, { after: "elsewhere" })).rejects.toMatchObject({ code: "InvalidInput" });
});

test("a finished game is in its players' history and no longer among the active ones", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.endGame(gameId, { endReason: "deck_out", winnerIds: [alice], winnerIsNpc: false });
  expect(await manager.getActiveGameCount()).toBe(0);
  expect((await manager.getPlayerActiveGames(alice)).items).toEqual([]);
  const history = await manager.getPlayerHistory(bob);
  expect(history.items).toMatchObject([
    { gameId, outcome: { endReason: "deck_out", winnerIds: [alice] }, incomplete: false },
  ]);
  expect(JSON.stringify(history)).not.toContain("word-of");
});

test("a replay shows each viewer what the game lets them see, and the log to participants alone", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"));
  expect(await manager.getReplay(gameId, { playerId: alice })).toBeNull();
  await manager.endGame(gameId, draw);
  expect(await manager.getReplay(gameId, { playerId: alice })).toMatchObject({
    record: { gameId },
    initialView: { moves: [], secret: "word-of-alice" },
    finalView: { moves: ["a"], secret: "word-of-alice" },
    log: [{ move: "a" }],
    rules: { pace: 3 },
  });
  for (const viewer of ["spectator", { playerId: "cccccccc-cccc-4ccc-8ccc-cccccccccccc" }] as const) {
    const replay = await manager.getReplay(gameId, viewer);
    expect(replay).toMatchObject({ finalView: { secret: null }, log: null });
    expect(JSON.stringify(replay)).not.toContain("word-of");
  }
});

test("the log joins what the store has and what only the cache has, from any entry on", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  for (const name of ["a", "b"]) await one.manager.update(gameId, move(name));
  await one.manager.update(gameId, move("c"), { durability: "durable" });
  for (const name of ["d", "e"]) await two.manager.update(gameId, move(name));
  const whole = ["a", "b", "c", "d", "e"].map((name) => ({ move: name }));
  expect(await two.manager.getLog(gameId)).toEqual(whole);
  for (let from = 1; from <= 6; from++) expect(await one.manager.getLog(gameId, from)).toEqual(whole.slice(from - 1));
  await one.manager.endGame(gameId, draw);
  expect(await two.manager.getLog(gameId, 4)).toEqual(whole.slice(3));
});

test("unknown and deleted games have no log", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.deleteGame(gameId);
  await expect(manager.getLog(gameId)).rejects.toMatchObject({ code: "GameGone" });
  await expect(manager.getLog(crypto.randomUUID())).rejects.toMatchObject({ code: "GameNotFound" });
});
