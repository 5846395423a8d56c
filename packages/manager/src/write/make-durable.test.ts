import { away, createGate, followedBy, loseReply, precededBy } from "@turnkeep/conformance";
import { facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringingNoCopy, openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function started() {
  const server = await world.server();
  const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
  return { ...server, gameId };
}

test("a turn boundary is durable after one call to the cache and one to the store; the acknowledgement follows", async () => {
  const { manager, cache, store, gameId } = await started();
  const gate = createGate();
  cache.on(
    "ack",
    precededBy(() => gate.opened),
  );
  for (const [n, turn] of [nextTurn, nextTurn].entries()) {
    await manager.update(gameId, move("within the turn"));
    cache.calls.length = 0;
    store.calls.length = 0;
    expect(await manager.update(gameId, turn)).toMatchObject({ durability: "durable", written: true });
    expect(cache.calls).toEqual(["write", "ack"]);
    expect(store.calls).toEqual(["flush"]);
    expect((await world.row(gameId)).turnNumber).toBe(n + 2);
  }
  expect(await manager.getLog(gameId)).toHaveLength(2);
  expect((await world.cache.backlog()).games).toBe(1);
  gate.open();
  await vi.waitFor(async () => expect((await world.cache.backlog()).games).toBe(0));
});

test("an acknowledgement that fails after the answer is reported, and the game is flushed again", async () => {
  const { manager, cache, gameId } = await started();
  const errors: unknown[] = [];
  manager.events.on("cache:unavailable", ({ error }) => errors.push(error));
  for (const fault of [away(), loseReply()]) {
    cache.on("ack", fault, 1);
    expect(await manager.update(gameId, nextTurn)).toMatchObject({ durability: "durable" });
    await vi.waitFor(() => expect(errors).toHaveLength(1));
    errors.length = 0;
    const row = await world.row(gameId);
    await world.cache.claim({ limit: 1, hideMs: 0, dueWithinMs: 60_000 });
    await manager.flushDue();
    expect((await world.cache.backlog()).games).toBe(0);
    expect(await world.row(gameId)).toEqual(row);
  }
});

test("a durable write that the cache lost before its flush reaches the store, unless the game was loaded since", async () => {
  const { manager, cache, gameId } = await started();
  const other = await world.server();
  cache.on("write", followedBy(world.loseCache), 1);
  expect(await manager.update(gameId, nextTurn)).toMatchObject({ durability: "durable", state: { turn: 2 } });
  expect((await other.manager.loadState(gameId))?.state.turn).toBe(2);
  const loaded = async () => {
    await world.loseCache();
    await other.manager.loadState(gameId);
  };
  cache.on("write", followedBy(loaded), 1);
  await manager.loadState(gameId);
  await expect(manager.update(gameId, nextTurn)).rejects.toMatchObject({ code: "RevisionConflict" });
  expect((await world.row(gameId)).turnNumber).toBe(2);
  expect((await manager.loadState(gameId))?.state.turn).toBe(2);
});

test("a durable write whose answer brings no copy, and that the cache lost since, is not acknowledged", async () => {
  const { manager, cache, gameId } = await started();
  cache.on("write", bringingNoCopy, 1);
  cache.on(
    "claimGame",
    precededBy(() => world.loseCache()),
    1,
  );
  await expect(manager.update(gameId, nextTurn)).rejects.toMatchObject({ code: "RevisionConflict" });
  expect((await manager.loadState(gameId))?.state.turn).toBe(1);
});

test("a copy from before the write, as a node that lags serves it, leaves the write unknown: it is no conflict", async () => {
  const { manager, cache } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const before = await world.cache.claimGame(gameId);
  cache.on("write", bringingNoCopy, 1);
  cache.on("claimGame", async () => before, 1);
  const writeId = "turn-0001";
  await expect(manager.update(gameId, nextTurn, { writeId })).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "unknown" },
  });
  expect(await manager.update(gameId, nextTurn, { writeId })).toMatchObject({ duplicate: true, state: { turn: 2 } });
  expect(await world.row(gameId)).toMatchObject({ turnNumber: 2 });
});
