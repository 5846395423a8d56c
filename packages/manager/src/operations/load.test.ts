import { away, precededBy } from "@turnkeep/conformance";
import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test("a loaded game has its state, frozen, and its version; unknown games are null", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  const created = await manager.createGame(state, facts);
  const loaded = await manager.loadState(state.gameId);
  expect(loaded).toEqual({
    state,
    version: created.version,
    status: "live",
    rulesVersion: 1,
    metadata: null,
    metadataVersion: "0",
    stale: false,
  });
  expect(Object.isFrozen(loaded?.state.moves)).toBe(true);
  expect(await manager.loadState(crypto.randomUUID())).toBeNull();
});

test("a copy that another server wrote is frozen, unless that is off", async () => {
  const { gameId } = (await world.create(newCounter())).state;
  for (const freezeReadStates of [true, false]) {
    const { manager } = await world.server({ freezeReadStates });
    expect(Object.isFrozen((await manager.loadState(gameId))?.state)).toBe(freezeReadStates);
    // What a reducer made is frozen in any case: the next write takes for granted that it stays as it was checked.
    expect(Object.isFrozen((await manager.update(gameId, move("a"))).state.moves)).toBe(true);
  }
});

test("a miss fills the cache again from the store", async () => {
  const { manager, logs } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  expect(await manager.deleteFromCache(state.gameId)).toBe(true);
  expect(await manager.cacheExists(state.gameId)).toBe(false);
  expect((await manager.loadState(state.gameId))?.state).toEqual(state);
  expect(await manager.cacheExists(state.gameId)).toBe(true);
  expect(logs.filter(({ level, message }) => level === "info" && message === "loaded from the store")).toHaveLength(1);
});

test("a game that another server changed is read anew, one that it did not change is not decoded again", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const first = await two.manager.loadState(gameId);
  expect((await two.manager.loadState(gameId))?.state).toBe(first?.state);
  await one.manager.update(gameId, move("a"));
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["a"]);
});

test("many loads of one missing game go to the store once", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.deleteFromCache(gameId);
  store.calls.length = 0;
  const loaded = await Promise.all(Array.from({ length: 50 }, () => manager.loadState(gameId)));
  expect(new Set(loaded.map((game) => game?.version)).size).toBe(1);
  expect(store.calls.filter((operation) => operation === "load")).toHaveLength(1);
});

test("two servers that load at once end with one copy and one version", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.deleteFromCache(gameId);
  // While the first has read the row and not installed it, the second loads, writes, and has it all in the store.
  one.cache.on(
    "install",
    precededBy(async () => {
      await two.manager.update(gameId, move("newer"), { durability: "durable" });
    }),
    1,
  );
  expect((await one.manager.loadState(gameId))?.state.moves).toEqual(["newer"]);
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["newer"]);
});

test("while the cache is away the store answers, marked stale", async () => {
  const { manager, cache } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  const seen: string[] = [];
  manager.events.on("cache:unavailable", ({ error }) => seen.push(error.message));
  cache.on("read", away());
  expect(await manager.loadState(state.gameId)).toMatchObject({ state, stale: true });
  expect(seen).toHaveLength(1);
  cache.heal();
  expect(await manager.loadState(state.gameId)).toMatchObject({ state, stale: false });
});

test("while the store is away the cache answers; without a copy the error says that nothing was done", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  store.on("load", away());
  expect(await manager.loadState(gameId)).toMatchObject({ stale: false });
  await manager.deleteFromCache(gameId);
  await expect(manager.loadState(gameId)).rejects.toMatchObject({ code: "StoreUnavailable" });
});

test("archived and deleted games are null, and nothing of them stays in the cache", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const ended = (await one.manager.createGame(newCounter(), facts)).state.gameId;
  const deleted = (await one.manager.createGame(newCounter(), facts)).state.gameId;
  await two.manager.loadState(ended);
  await one.manager.endGame(ended, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  await one.manager.deleteGame(deleted);
  for (const server of [one, two]) {
    expect(await server.manager.loadState(ended)).toBeNull();
    expect(await server.manager.loadState(deleted)).toBeNull();
  }
  expect(await world.cache.exists(ended)).toBe(false);
});

test("a reader that is slower than the archive does not bring the game back", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.deleteFromCache(gameId);
  two.cache.on(
    "install",
    precededBy(() => one.manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false })),
    1,
  );
  expect(await two.manager.loadState(gameId)).toBeNull();
  expect(await world.cache.exists(gameId)).toBe(false);
});

test("an unreadable copy that the store has as well is dropped, and the row serves", async () => {
  const { manager, logs } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  world.corrupt(state.gameId, "{ not json", { flushed: true });
  const other = await world.server();
  expect((await other.manager.loadState(state.gameId))?.state.gameId).toBe(state.gameId);
  expect(logs.some(({ level }) => level === "error")).toBe(false);
});

test("an unreadable newest copy sets its game aside, and the others go on", async () => {
  const { manager } = await world.server();
  const poisoned = newCounter();
  await manager.createGame(poisoned, facts);
  const sound = (await manager.createGame(newCounter(), facts)).state.gameId;
  world.corrupt(poisoned.gameId, "{ not json", { flushed: false });
  const { manager: other, logs } = await world.server();
  const seen: string[] = [];
  other.events.on("state:quarantined", ({ gameId }) => seen.push(gameId));
  await expect(other.loadState(poisoned.gameId)).rejects.toMatchObject({ code: "GameQuarantined" });
  await expect(other.loadState(poisoned.gameId)).rejects.toMatchObject({ code: "GameQuarantined" });
  expect(seen).toEqual([poisoned.gameId]);
  expect(await other.loadState(sound)).not.toBeNull();
  expect(await world.cache.exists(poisoned.gameId)).toBe(false);
  expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
});

test("a copy without a row that does not know what that said is kept, with an alarm", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  await world.orphan(state.gameId);
  const orphans: string[] = [];
  manager.events.on("flush:orphan", ({ gameId }) => orphans.push(gameId));
  await expect(manager.update(state.gameId, move("a"), { durability: "durable" })).rejects.toMatchObject({
    code: "GameOrphaned",
  });
  expect(orphans).toEqual([state.gameId]);
  expect(await world.cache.exists(state.gameId)).toBe(true);
});

test("the two sides can be asked alone", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"));
  expect((await manager.loadFromCache(gameId))?.state.moves).toEqual(["a"]);
  expect((await manager.loadFromDb(gameId))?.state.moves).toEqual([]);
  await manager.deleteFromCache(gameId);
  expect(await manager.loadFromCache(gameId)).toBeNull();
  expect((await manager.loadFromDb(gameId))?.state.moves).toEqual(["a"]);
  expect(await manager.loadFromDb(crypto.randomUUID())).toBeNull();
});

test("a lost cache is filled again; what was acknowledged as durable is there", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"), { durability: "durable" });
  await manager.update(gameId, move("lost"));
  await world.loseCache();
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["kept"]);
  expect((await manager.update(gameId, move("after"))).state.moves).toEqual(["kept", "after"]);
});
