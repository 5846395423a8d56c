import { precededBy } from "@turnkeep/conformance";
import { type Counter, draw, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const moved = (state: Counter, name: string): Counter => move(name)(state).state;
const rollback = new Error("rolled back");

test("a rolled-back creation leaves nothing, a committed one a game", async () => {
  const { manager, logs } = await world.server();
  const state = newCounter();
  const attempt = world.transaction(async (transaction) => {
    await manager.createGame(state, { ...facts, transaction });
    expect((await manager.loadState(state.gameId, { transaction }))?.state).toEqual(state);
    throw rollback;
  });
  await expect(attempt).rejects.toBe(rollback);
  expect(await manager.loadState(state.gameId)).toBeNull();
  expect(logs.some(({ message }) => message === "created")).toBe(false);
  await world.transaction((transaction) => manager.createGame(state, { ...facts, transaction }));
  expect((await manager.loadState(state.gameId))?.state).toEqual(state);
  expect(logs.some(({ message }) => message === "created")).toBe(true);
});

test("what a transaction wrote is seen within it, and by nobody else before its commit", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await two.manager.update(gameId, move("dirty"));
  const waiting = await world.transaction(async (transaction) => {
    await one.manager.update(gameId, move("inside"), { transaction });
    expect((await one.manager.loadState(gameId, { transaction }))?.state.moves).toEqual(["dirty", "inside"]);
    expect((await two.manager.loadFromDb(gameId))?.state.moves).toEqual([]);
    return [two.manager.loadState(gameId)];
  });
  expect((await waiting[0])?.state.moves).toEqual(["dirty", "inside"]);
  expect(await one.manager.getLog(gameId)).toEqual([{ move: "dirty" }, { move: "inside" }]);
});

test("a rollback leaves the game as it was, with nothing lost", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("before"));
  const attempt = world.transaction(async (transaction) => {
    await manager.update(gameId, move("undone"), { transaction });
    throw rollback;
  });
  await expect(attempt).rejects.toBe(rollback);
  expect((await manager.update(gameId, move("after"))).state.moves).toEqual(["before", "after"]);
  await manager.update(gameId, move("durable"), { durability: "durable" });
  expect((await world.row(gameId)).state).toContain('["before","after","durable"]');
});

test("several writes in one transaction build on each other", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await world.transaction(async (transaction) => {
    await manager.persistToDb(state, { transaction });
    await manager.update(state.gameId, move("a"), { transaction });
    await manager.persistToDb(moved(moved(state, "a"), "b"), { transaction });
    await manager.update(state.gameId, move("c"), { transaction });
  });
  expect((await manager.loadState(state.gameId))?.state.moves).toEqual(["a", "b", "c"]);
  expect((await manager.update(state.gameId, move("d"))).state.moves).toEqual(["a", "b", "c", "d"]);
});

test("two transactions on one game follow each other", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await Promise.all(
    [one, two].map((server, n) =>
      world.transaction(async (transaction) => {
        await server.manager.update(gameId, move(String(n)), { transaction });
      }),
    ),
  );
  expect([...((await one.manager.loadState(gameId))?.state.moves ?? [])].sort()).toEqual(["0", "1"]);
});

test("a write that comes just before the row is locked is written over, and not lost", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.store.on(
    "lock",
    precededBy(() => two.manager.update(gameId, move("between"))),
    1,
  );
  await world.transaction((transaction) => one.manager.update(gameId, move("mine"), { transaction }));
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["between", "mine"]);
  expect(await two.manager.getLog(gameId)).toEqual([{ move: "between" }, { move: "mine" }]);
});

test("no copy is served or written between the row's lock and the commit, also by a load from before", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.deleteFromCache(gameId);
  let late: Promise<unknown> | undefined;
  const fill = async () => {
    await world.cache.read(gameId, { token: "before the lock" });
    const row = await world.store.load(gameId);
    if (row.kind !== "row") throw new Error("no row");
    return () => world.cache.install(gameId, "before the lock", row.game);
  };
  const install = await fill();
  await world.transaction(async (transaction) => {
    await one.manager.update(gameId, move("inside"), { transaction });
    expect(await install()).toEqual({ kind: "tokenLost" });
    late = two.manager.update(gameId, move("late"));
  });
  await late;
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["inside", "late"]);
});

test("a copy that is no document replaces no row in a transaction", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  const before = await world.row(gameId);
  world.corrupt(gameId, "no JSON", { flushed: false });
  await world.transaction(async (transaction) => {
    const attempt = manager.update(gameId, move("late"), { transaction });
    await expect(attempt).rejects.toMatchObject({ code: "InvalidState" });
  });
  expect(await world.row(gameId)).toEqual(before);
  expect(await world.cache.exists(gameId)).toBe(true);
});

test("where there is nothing to write, state and version belong together, whatever came in between", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.store.on(
    "lock",
    precededBy(() => two.manager.update(gameId, move("between"))),
    1,
  );
  const { state, version } = await world.transaction((transaction) =>
    one.manager.update(gameId, (same) => same, { transaction }),
  );
  const late = one.manager.saveToCache(moved(state, "late"), { version });
  await expect(late).rejects.toMatchObject({ code: "RevisionConflict" });
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["between"]);
});

test("a write that another server sends during the transaction waits, and is not lost", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await two.manager.loadState(gameId);
  const [sent] = await world.transaction(async (transaction) => {
    await one.manager.update(gameId, move("inside"), { transaction });
    return [two.manager.update(gameId, move("theirs"))];
  });
  expect((await sent)?.state.moves).toEqual(["inside", "theirs"]);
});

test("versions are compared inside a transaction too", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const state = newCounter();
  const { version } = await one.manager.createGame(state, facts);
  await two.manager.update(state.gameId, move("theirs"));
  const conflict = { code: "RevisionConflict" };
  const tries = [
    world.transaction((transaction) => one.manager.persistToDb(moved(state, "mine"), { version, transaction })),
    world.transaction((transaction) =>
      one.manager.update(state.gameId, move("mine"), { expectedVersion: version, transaction }),
    ),
    world.transaction(async (transaction) =>
      (await world.server()).manager.persistToDb(moved(state, "mine"), { transaction }),
    ),
  ];
  await Promise.all(tries.map((attempt) => expect(attempt).rejects.toMatchObject(conflict)));
  const now = (await one.manager.loadState(state.gameId))?.version;
  await world.transaction((transaction) =>
    one.manager.update(state.gameId, move("mine"), { expectedVersion: now, transaction }),
  );
  expect((await two.manager.loadState(state.gameId))?.state.moves).toEqual(["theirs", "mine"]);
});

test("a retry in a second transaction is recognised by its write id", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const once = () =>
    world.transaction((transaction) => manager.update(gameId, move("once"), { transaction, writeId: "in-tx-0001" }));
  expect(await once()).toMatchObject({ written: true, duplicate: false });
  expect(await once()).toMatchObject({ written: false, duplicate: true });
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["once"]);
});

test("an ended game takes no writes in a transaction", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  const attempt = world.transaction((transaction) => manager.update(gameId, move("late"), { transaction }));
  await expect(attempt).rejects.toMatchObject({ code: "GameEnded" });
});

test("what a transaction removed or ended is over for it at once, and nothing waits for its own lock", async () => {
  const { manager, store } = await world.server();
  const [removed, ended] = [newCounter(), newCounter()];
  for (const state of [removed, ended]) {
    await manager.createGame(state, facts);
    await manager.update(state.gameId, move("dirty"));
  }
  await world.transaction(async (transaction) => {
    await manager.deleteGame(removed.gameId, { transaction });
    const result = await manager.endGame(ended.gameId, draw, { transaction });
    store.calls.length = 0;
    for (const [state, code] of [
      [removed, "GameGone"],
      [ended, "GameEnded"],
    ] as const) {
      const { gameId } = state;
      await expect(manager.update(gameId, move("late"), { transaction })).rejects.toMatchObject({ code });
      await expect(manager.persistToDb(state, { transaction })).rejects.toMatchObject({ code });
      expect(await manager.loadState(gameId, { transaction })).toBeNull();
    }
    await expect(manager.endGame(removed.gameId, draw, { transaction })).rejects.toMatchObject({ code: "GameGone" });
    expect(await manager.endGame(ended.gameId, draw, { transaction })).toEqual(result);
    expect(store.calls.filter((operation) => operation === "flush" || operation === "load")).toEqual([]);
  });
});

test("a game without a copy is written in the transaction that holds its row already", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.deleteFromCache(gameId);
  await world.transaction(async (transaction) => {
    await world.store.lock(gameId, { transaction });
    await manager.update(gameId, move("under its lock"), { transaction });
  });
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["under its lock"]);
});
