import { away, loseReply } from "@turnkeep/conformance";
import {
  alice,
  bob,
  type Counter,
  draw,
  facts,
  move,
  newCounter,
  nextTurn,
  win,
} from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const moved = (state: Counter, name: string): Counter => move(name)(state).state;

test("a created game is durable at once and in the cache, with its facts", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  const created = await manager.createGame(state, { ...facts, npcId: null });
  expect(created).toMatchObject({ state, status: "live", stale: false });
  expect(await manager.cacheExists(state.gameId)).toBe(true);
  const row = await world.store.read(state.gameId);
  expect(row.kind === "row" && row.game).toMatchObject({
    gameType: "ranked",
    playerIds: [alice, bob],
    rules: '{"pace":3}',
  });
});

test("given rules override the state's, also when they are {}", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, { ...facts, rulesConfig: {} });
  const row = await world.store.read(state.gameId);
  expect(row.kind === "row" && row.game.rules).toBe("{}");
});

test("the same id twice is one game: the second creation gives what is there", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  const created = await Promise.all([one.manager.createGame(state, facts), two.manager.createGame(state, facts)]);
  await one.manager.update(state.gameId, move("a"));
  const again = await two.manager.createGame(newCounter(state.gameId, { turn: 9 }), facts);
  expect(again.state).toMatchObject({ turn: 1, moves: ["a"] });
  expect(created.map(({ state }) => state)).toEqual([state, state]);
  expect(await one.manager.getActiveGameCount()).toBe(1);
});

test("a creation whose reply was lost is found by its retry", async () => {
  const { manager, store } = await world.server();
  const state = newCounter();
  store.on("create", loseReply(), 1);
  await expect(manager.createGame(state, facts)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.createGame(state, facts)).toMatchObject({ state });
});

test("creation fails at once while the store is away, and works while the cache is away", async () => {
  const { manager, store, cache } = await world.server();
  const state = newCounter();
  store.on("create", away());
  await expect(manager.createGame(state, facts)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.cacheExists(state.gameId)).toBe(false);
  store.heal();
  for (const operation of ["read", "install"] as const) cache.on(operation, away());
  expect(await manager.createGame(state, facts)).toMatchObject({ state });
  cache.heal();
  expect((await manager.update(state.gameId, move("a"))).state.moves).toEqual(["a"]);
});

test("a game that is over cannot be created, and an archived one not again", async () => {
  const { manager } = await world.server();
  await expect(manager.createGame(win(newCounter()), facts)).rejects.toMatchObject({ code: "InvalidInput" });
  const state = newCounter();
  await manager.createGame(state, facts);
  await manager.endGame(state.gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  await expect(manager.createGame(state, facts)).rejects.toMatchObject({ code: "GameEnded" });
  await expect(manager.persistToDb(state)).rejects.toMatchObject({ code: "GameEnded" });
});

test("a game replaces a copy that had its id without a row", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  await manager.update(state.gameId, move("of the lost one"));
  await world.forgetRow(state.gameId);
  const other = await world.server();
  await other.manager.createGame(newCounter(state.gameId), facts);
  expect((await other.manager.loadState(state.gameId))?.state.moves).toEqual([]);
  await other.manager.update(state.gameId, move("a"), { durability: "durable" });
  expect((await world.row(state.gameId)).state).toContain('["a"]');
});

test("saving to the cache goes over the version that this process holds, and reaches the store by the flusher", async () => {
  const { manager } = await world.server({ flushWithinMs: 10 });
  const state = newCounter();
  await manager.createGame(state, facts);
  const version = await manager.saveToCache(moved(state, "a"));
  expect(await manager.loadFromCache(state.gameId)).toMatchObject({ version, state: { moves: ["a"] } });
  expect((await manager.loadFromDb(state.gameId))?.state.moves).toEqual([]);
  await manager.deleteFromCache(state.gameId);
  expect((await manager.loadFromDb(state.gameId))?.state.moves).toEqual(["a"]);
});

test("a save of a game that does not exist throws, with and without a version", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await expect(manager.saveToCache(state)).rejects.toMatchObject({ code: "GameNotFound" });
  const other = (await manager.createGame(newCounter(), facts)).version;
  await expect(manager.saveToCache(state, { version: other })).rejects.toMatchObject({ code: "GameNotFound" });
  expect(await manager.cacheExists(state.gameId)).toBe(false);
});

test("a save over another version is a conflict that names both, and holding none is one too", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  const { version } = await one.manager.createGame(state, facts);
  const theirs = await two.manager.update(state.gameId, move("theirs"));
  const conflict = { code: "RevisionConflict", details: { expected: version, actual: theirs.version } };
  await expect(one.manager.saveToCache(moved(state, "mine"))).rejects.toMatchObject(conflict);
  await expect(one.manager.persistToDb(moved(state, "mine"), { version })).rejects.toMatchObject(conflict);
  const fresh = await world.server();
  const none = { code: "RevisionConflict", details: { expected: null, actual: theirs.version } };
  await expect(fresh.manager.saveToCache(moved(state, "mine"))).rejects.toMatchObject(none);
  await expect(fresh.manager.persistToDb(moved(state, "mine"))).rejects.toMatchObject(none);
  expect((await fresh.manager.loadState(state.gameId))?.state.moves).toEqual(["theirs"]);
});

test("the version that a caller holds is still good after the copy came back from the store under a new name", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  const { version } = await manager.persistToDb(moved(state, "a"));
  await world.loseCache();
  await manager.saveToCache(moved(state, "b"), { version });
  expect((await manager.loadState(state.gameId))?.state.moves).toEqual(["b"]);
});

test("a persist creates a campaign game from the state, then updates it durably on both sides", async () => {
  const { manager } = await world.server();
  const state = newCounter(undefined, { players: [alice, "npc:ogre"] });
  const created = await manager.persistToDb(state);
  expect(created).toMatchObject({
    gameType: "campaign",
    playerIds: [alice],
    npcId: "ogre",
    status: "live",
    turnNumber: 1,
  });
  expect(created).not.toHaveProperty("state");
  const updated = await manager.persistToDb(nextTurn(state), { gameType: "ranked", playerIds: [bob], rulesConfig: {} });
  expect(updated).toMatchObject({
    gameType: "campaign",
    playerIds: [alice],
    npcId: "ogre",
    startedAt: created.startedAt,
    turnNumber: 2,
  });
  expect((await world.row(state.gameId)).turnNumber).toBe(2);
  expect((await manager.loadFromCache(state.gameId))?.state.turn).toBe(2);
  const row = await world.store.read(state.gameId);
  expect(row.kind === "row" && row.game.rules).toBe('{"pace":3}');
});

test("of two first persists one creates, and the other gets the conflict", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  const results = await Promise.allSettled([one.manager.persistToDb(state), two.manager.persistToDb(state)]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = results.find((result) => result.status === "rejected");
  expect(refused?.reason).toMatchObject({ code: "RevisionConflict" });
});

test("a first persist whose reply was lost is found by its write id", async () => {
  const { manager, store } = await world.server();
  const state = newCounter();
  store.on("create", loseReply(), 1);
  const options = { writeId: "persist-0001" };
  await expect(manager.persistToDb(state, options)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.persistToDb(state, options)).toMatchObject({ gameId: state.gameId });
});

test("a retried save is one save", async () => {
  const { manager, store } = await world.server();
  const state = newCounter();
  const { version } = await manager.createGame(state, facts);
  store.on("flush", away(), 1);
  const persist = () => manager.persistToDb(moved(state, "once"), { version, writeId: "persist-0001" });
  await expect(persist()).rejects.toMatchObject({ code: "StoreUnavailable", details: { fate: "unknown" } });
  const record = await persist();
  expect((await manager.loadState(state.gameId))?.version).toBe(record.version);
  expect((await world.row(state.gameId)).state).toContain("once");
});

test("a save that only the cache has is found by its retry on a server that holds no version", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  await one.manager.createGame(state, facts);
  one.store.on("flush", away(), 1);
  const saved = moved(state, "persisted");
  const persisted = { writeId: "persist-0001" };
  await expect(one.manager.persistToDb(saved, persisted)).rejects.toMatchObject({ details: { fate: "unknown" } });
  const record = await two.manager.persistToDb(saved, persisted);
  expect(await world.row(state.gameId)).toMatchObject({ version: record.version });

  one.cache.on("write", loseReply(), 1);
  const again = moved(saved, "cached");
  const cached = { writeId: "save-0001" };
  await expect(one.manager.saveToCache(again, cached)).rejects.toMatchObject({ details: { fate: "unknown" } });
  const three = await world.server();
  expect(await three.manager.saveToCache(again, cached)).toBe((await three.manager.loadState(state.gameId))?.version);
  const four = await world.server();
  const strange = four.manager.saveToCache(again, { writeId: "save-0002" });
  await expect(strange).rejects.toMatchObject({ code: "RevisionConflict" });
});

test("a saved state that is over ends its game", async () => {
  const { manager } = await world.server();
  const [one, two] = [newCounter(), newCounter()];
  await manager.createGame(one, facts);
  await manager.createGame(two, facts);
  await manager.saveToCache(win(one));
  expect(await manager.persistToDb(win(two))).toMatchObject({ gameId: two.gameId, status: "ended" });
  for (const { gameId } of [one, two])
    expect(await world.store.findHistory(gameId)).toMatchObject({ outcome: { winnerIds: [alice] } });
});

test("a persist that comes after the archive does not bring the game back", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { state } = await one.manager.createGame(newCounter(), facts);
  const fresh = await world.server();
  await two.manager.loadState(state.gameId);
  await one.manager.endGame(state.gameId, draw);
  for (const { manager } of [two, fresh]) {
    await expect(manager.persistToDb(moved(state, "late"))).rejects.toMatchObject({ code: "GameEnded" });
  }
  expect(await two.manager.getActiveGameCount()).toBe(0);
  expect(await two.manager.loadState(state.gameId)).toBeNull();
});
