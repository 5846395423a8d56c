import { away, followedBy, precededBy } from "@turnkeep/conformance";
import { alice, draw, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test("a deleted game is nowhere, and stays so", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  await manager.update(state.gameId, move("unflushed"));
  expect(await manager.deleteGame(state.gameId)).toBe(true);
  expect(await manager.loadState(state.gameId)).toBeNull();
  expect(await manager.cacheExists(state.gameId)).toBe(false);
  expect(await manager.getActiveGameCount()).toBe(0);
  await expect(manager.createGame(state, facts)).rejects.toMatchObject({ code: "GameGone" });
  await expect(manager.update(state.gameId, move("a"))).rejects.toMatchObject({ code: "GameGone" });
});

test("a finished game is deleted from history if asked for, once, and nothing brings it back", async () => {
  const { manager } = await world.server();
  const { state } = await manager.createGame(newCounter(), facts);
  const { gameId } = state;
  await manager.update(gameId, move("a"), { writeId: "a-write-id" });
  const rewind = world.backUpCache();
  await manager.endGame(gameId, draw);
  expect(await manager.deleteGame(gameId)).toBe(false);
  expect(await manager.getReplay(gameId, "spectator")).not.toBeNull();
  await expect(
    world.transaction(async (transaction) => {
      expect(await manager.deleteGame(gameId, { history: true, transaction })).toBe(true);
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  expect((await manager.getPlayerHistory(alice)).items).toHaveLength(1);
  const [one, two] = await Promise.all([
    manager.deleteGame(gameId, { history: true }),
    (await world.server()).manager.deleteGame(gameId, { history: true }),
  ]);
  expect([one, two].sort()).toEqual([false, true]);
  expect(await manager.deleteGame(gameId, { history: true })).toBe(false);

  expect(await manager.getReplay(gameId, "spectator")).toBeNull();
  expect((await manager.getPlayerHistory(alice)).items).toEqual([]);
  expect((await manager.listGames()).items).toEqual([]);
  await expect(manager.createGame(state, facts)).rejects.toMatchObject({ code: "GameGone" });
  // A cache from before its end has a copy that the store never had: no recovery and no flush makes the game again.
  rewind();
  const { manager: later } = await world.server();
  await later.findUnflushed();
  await later.recoverActiveGames();
  await later.flushDue();
  expect(await later.loadState(gameId)).toBeNull();
  expect(await world.store.status(gameId)).toBe("deleted");
  expect(await later.cacheExists(gameId)).toBe(false);
});

test("deleting what is nowhere is false, with a warning", async () => {
  const { manager, logs } = await world.server();
  expect(await manager.deleteGame(crypto.randomUUID())).toBe(false);
  expect(logs.filter(({ level }) => level === "warn")).toHaveLength(1);
});

test("a copy without a row can be deleted", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await world.forgetRow(gameId);
  expect(await manager.deleteGame(gameId)).toBe(true);
  expect(await manager.cacheExists(gameId)).toBe(false);
});

test("a copy without a row that is deleted while it is flushed does not come back", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.update(gameId, move("kept"));
  await world.forgetRow(gameId);
  two.store.on(
    "recreate",
    precededBy(() => one.manager.deleteGame(gameId)),
    1,
  );
  await expect(two.manager.update(gameId, move("a"), { durability: "durable" })).rejects.toMatchObject({
    code: "GameGone",
  });
  expect(await world.store.status(gameId)).toBe("deleted");
  expect(await two.manager.cacheExists(gameId)).toBe(false);
});

test("a reader that refills the cache during the deletion does not bring the game back", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.deleteFromCache(gameId);
  two.cache.on(
    "install",
    precededBy(() => one.manager.deleteGame(gameId)),
    1,
  );
  expect(await two.manager.loadState(gameId)).toBeNull();
  expect(await two.manager.cacheExists(gameId)).toBe(false);
});

test("while the cache is away a game is deleted all the same; its copy can write nothing any more", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.cache.on("evict", away());
  one.cache.on("exists", away());
  expect(await one.manager.deleteFromDb(gameId)).toBe(true);
  await expect(two.manager.update(gameId, move("late"), { durability: "durable" })).rejects.toMatchObject({
    code: "GameGone",
  });
  expect(await world.cache.exists(gameId)).toBe(false);
});

test("a rolled-back deletion deletes nothing, a committed one both sides", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const rollback = new Error("rolled back");
  const attempt = world.transaction(async (transaction) => {
    expect(await manager.deleteGame(gameId, { transaction })).toBe(true);
    throw rollback;
  });
  await expect(attempt).rejects.toBe(rollback);
  expect(await manager.cacheExists(gameId)).toBe(true);
  expect((await manager.update(gameId, move("goes on"), { durability: "durable" })).state.moves).toEqual(["goes on"]);
  await world.transaction(async (transaction) => {
    await manager.deleteGame(gameId, { transaction });
  });
  expect(await manager.cacheExists(gameId)).toBe(false);
  expect(await manager.loadState(gameId)).toBeNull();
});

test("deleting from the cache flushes first", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  expect(await manager.deleteFromCache(gameId)).toBe(true);
  expect(await manager.deleteFromCache(gameId)).toBe(false);
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["kept"]);
});

test("deleting from the cache loses nothing that is written meanwhile", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.cache.on(
    "evict",
    precededBy(() => two.manager.update(gameId, move("meanwhile"))),
    1,
  );
  expect(await one.manager.deleteFromCache(gameId)).toBe(true);
  expect((await world.row(gameId)).state).toContain("meanwhile");
});

test("deleting from the cache fails, and deletes nothing, where the flush cannot be done", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  store.on("flush", away());
  await expect(manager.deleteFromCache(gameId)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.cacheExists(gameId)).toBe(true);
  store.heal();
  await world.orphan(gameId);
  await expect(manager.deleteFromCache(gameId)).rejects.toMatchObject({ code: "GameOrphaned" });
  expect(await manager.cacheExists(gameId)).toBe(true);
});

test("a unverified copy is compared with the store before it is deleted from the cache", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  world.failover();
  expect(await manager.deleteFromCache(gameId)).toBe(true);
  expect((await world.row(gameId)).state).toContain("kept");
});

test("a deletion is acknowledged once its eviction has reached the cache: no reader is served the game after that", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.cache.on("evict", away("unknown"), 1);
  const details = { fate: "unknown" };
  await expect(one.manager.deleteGame(gameId)).rejects.toMatchObject({ code: "CacheUnavailable", details });
  expect(await world.store.status(gameId)).toBe("deleted");
  expect(await one.manager.deleteGame(gameId)).toBe(true);
  expect(await two.manager.loadState(gameId)).toBeNull();
  expect(await two.manager.cacheExists(gameId)).toBe(false);
});

test("a deletion of what is not there yet takes nothing from a game that is created meanwhile", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  const create = async () => {
    await two.manager.createGame(state, facts);
    await two.manager.update(state.gameId, move("acknowledged"));
  };
  one.cache.on("exists", followedBy(create), 1);
  expect(await one.manager.deleteGame(state.gameId)).toBe(false);
  expect((await two.manager.loadState(state.gameId))?.state.moves).toEqual(["acknowledged"]);

  const other = newCounter();
  one.cache.on(
    "exists",
    precededBy(() => two.manager.createGame(other, facts)),
    1,
  );
  expect(await one.manager.deleteGame(other.gameId)).toBe(true);
  await expect(two.manager.update(other.gameId, move("late"))).rejects.toMatchObject({ code: "GameGone" });
});
