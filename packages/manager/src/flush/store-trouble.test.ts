import { away, busy, createGate, followedBy, intercept, precededBy } from "@turnkeep/conformance";
import { facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { assertGameId, TurnkeepError } from "@turnkeep/core";
import type { FlushItem } from "@turnkeep/core/ports";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ManagerSettings } from "../settings.js";
import { openWorld, type ServerOptions, type World } from "../test/support/world.js";

let now = 1_700_000_000_000;
let world: World;
beforeEach(async () => {
  world = await openWorld(() => now);
});
afterEach(() => world.close());

/** A server with so many games, each with one unflushed move that is due. */
async function behind(games: number, settings: Partial<ManagerSettings> = {}, how: ServerOptions = {}) {
  const server = await world.server(settings, how);
  const ids: string[] = [];
  for (let n = 0; n < games; n++) {
    const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
    await server.manager.update(gameId, move("due"));
    ids.push(gameId);
  }
  now += 1_001;
  return { ...server, ids: ids.sort() };
}

const stored = async (gameId: string) => (await world.row(gameId)).state.includes("due");

/** A store that says of some games what it cannot do with a batch that holds one of them. */
function troubledBy(isTroubled: (item: FlushItem) => boolean, error: () => Error): ServerOptions {
  return {
    storeThrough: (store) =>
      intercept(store, {
        flush: async (call, items) => {
          if (items.some(isTroubled)) throw error();
          return call();
        },
      }),
  };
}

const unsound = () => new TurnkeepError("InvalidInput", "it cannot be kept", { issues: ["SQLSTATE 22021"] });
const locked = () => new TurnkeepError("StoreUnavailable", "locked", { fate: "notDone", reason: "busy" });

test("games that the store cannot keep are quarantined with their copy and a reason; the others are flushed", async () => {
  const bad = new Set<string>();
  const { manager, ids, logs } = await behind(
    20,
    {},
    troubledBy(({ gameId }) => bad.has(gameId), unsound),
  );
  for (const index of [3, 4, 17]) bad.add(ids[index] ?? "");
  const aside: { gameId: string; reason: string }[] = [];
  manager.events.on("state:quarantined", (event) => aside.push(event));
  expect(await manager.flushDue()).toEqual({ written: 17, contained: 3, failed: 0 });
  expect(aside.map(({ gameId }) => gameId).sort()).toEqual([...bad].sort());
  expect(new Set(aside.map(({ reason }) => reason))).toEqual(new Set(["SQLSTATE 22021"]));
  for (const gameId of ids) {
    if (!bad.has(gameId)) expect(await stored(gameId)).toBe(true);
    else expect(await world.store.read(gameId)).toEqual({ kind: "quarantined", reason: "SQLSTATE 22021" });
  }
  await expect(manager.loadState([...bad][0] ?? "")).rejects.toMatchObject({ code: "GameQuarantined" });
  expect((await manager.backlog()).games).toBe(0);
  expect(JSON.stringify(logs)).not.toContain('"moves"');
});

test("a store that refuses even what it has kept is at fault itself: no game is quarantined, however few there are", async () => {
  let refuses = true;
  const { manager, store, ids } = await behind(
    3,
    {},
    troubledBy(() => refuses, unsound),
  );
  store.on("canStore", async () => !refuses);
  const refused = { code: "StoreUnavailable", details: { reason: "refused" } };
  await expect(manager.flushDue()).rejects.toMatchObject(refused);
  await expect(manager.update(ids[0] ?? "", nextTurn)).rejects.toMatchObject({
    ...refused,
    details: { fate: "unknown" },
  });
  for (const gameId of ids) expect(await world.store.status(gameId)).toBe("live");
  expect((await manager.backlog()).games).toBe(3);
  refuses = false;
  now += 600_000;
  await manager.flushDue();
  for (const gameId of ids) expect(await stored(gameId)).toBe(true);
});

test("games that the store cannot keep are quarantined together, with no sound one among them", async () => {
  const { manager, ids } = await behind(
    8,
    {},
    troubledBy(() => true, unsound),
  );
  expect(await manager.flushDue()).toEqual({ written: 0, contained: 8, failed: 0 });
  for (const gameId of ids) expect(await world.store.status(gameId)).toBe("quarantined");
});

test("a durable write that the store cannot keep gets GameQuarantined", async () => {
  const { manager, ids } = await behind(
    1,
    {},
    troubledBy(({ turnNumber }) => turnNumber > 1, unsound),
  );
  await expect(manager.update(ids[0] ?? "", nextTurn)).rejects.toMatchObject({ code: "GameQuarantined" });
});

test("a copy that a newer load has superseded is not quarantined: it is no longer the game", async () => {
  const { manager, ids, cache } = await behind(
    1,
    {},
    troubledBy(({ state }) => state.includes("due"), unsound),
  );
  const [gameId = ""] = ids;
  const other = await world.server();
  // The flusher has claimed the copy when the cache is lost; another server loads the row, and the game is played on.
  cache.on(
    "claim",
    followedBy(async () => {
      await world.loseCache();
      await other.manager.update(gameId, move("after"));
    }),
    1,
  );
  await manager.flushDue();
  expect(await world.store.status(gameId)).toBe("live");
  expect((await other.manager.update(gameId, move("on"), { durability: "durable" })).state.moves).toEqual([
    "after",
    "on",
  ]);
});

test("a copy that was written again since the store refused it is not quarantined, and the newer one is kept", async () => {
  const { manager, store, ids } = await behind(
    1,
    {},
    troubledBy(({ state }) => state.includes("due"), unsound),
  );
  const [gameId = ""] = ids;
  const repair = () => manager.update(gameId, (state) => ({ ...state, moves: ["sound"] }));
  store.on("canStore", precededBy(repair), 1);
  expect(await manager.flushDue()).toEqual({ written: 1, contained: 0, failed: 0 });
  expect((await world.row(gameId)).state).toContain("sound");
});

test("a verdict that is slow quarantines no row that moved on since", async () => {
  const { manager, store, ids } = await behind(
    1,
    {},
    troubledBy(({ state }) => state.includes("due"), unsound),
  );
  const [gameId = ""] = ids;
  const other = await world.server();
  const repair = () =>
    other.manager.update(gameId, (state) => ({ ...state, moves: ["sound"] }), { durability: "durable" });
  store.on("quarantine", precededBy(repair), 1);
  await manager.flushDue();
  expect(await world.store.status(gameId)).toBe("live");
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["sound"]);
});

test("a forked copy that the store cannot keep is replaced by the row, and no game is quarantined", async () => {
  const trouble = troubledBy(({ state }) => state.includes("due"), unsound);
  const { manager, ids } = await behind(1, {}, trouble);
  const [gameId = ""] = ids;
  await world.transaction(async (transaction) => {
    await world.store.lock(gameId, { transaction });
    const state = JSON.stringify(newCounter(gameId, { moves: ["the store's"] }));
    await world.store.overwrite(
      { gameId, baseRevision: "1", state, schemaVersion: 1, turnNumber: 1, dueAt: null, writeId: "the-stores-own" },
      { transaction },
    );
  });
  await manager.flushDue();
  expect(await world.store.status(gameId)).toBe("live");
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["the store's"]);
});

test("a document in the cache that is not JSON never goes over a sound row", async () => {
  const { manager, ids } = await behind(3);
  const other = await world.server();
  const [poisoned = ""] = ids;
  world.corrupt(poisoned, '{"moves":["due"', { flushed: false });
  expect(await other.manager.flushDue()).toMatchObject({ written: 2, contained: 1 });
  expect(await world.store.read(poisoned)).toMatchObject({ kind: "quarantined" });
  await expect(manager.loadState(poisoned)).rejects.toMatchObject({ code: "GameQuarantined" });
});

test("a row that is locked fails its own game alone; it is never quarantined, and is flushed once it is free", async () => {
  let free = false;
  let slow = "";
  const { manager, ids } = await behind(
    20,
    {},
    troubledBy((item) => item.gameId === slow && !free, locked),
  );
  slow = ids[7] ?? "";
  expect(await manager.flushDue()).toEqual({ written: 19, contained: 0, failed: 1 });
  expect(await world.store.status(slow)).toBe("live");
  expect(await manager.backlog()).toMatchObject({ games: 1 });
  free = true;
  expect(await manager.flushDue()).toEqual({ written: 1, contained: 0, failed: 0 });
  expect(await stored(slow)).toBe(true);
});

test("a flusher tries a game again that failed, long before its claim ends, while others come through", async () => {
  let free = false;
  let slow = "";
  const settings = { runFlusher: true, flushEveryMs: 5, flushWithinMs: 10, claimHideMs: 600_000 };
  const { manager, ids } = await behind(
    1,
    settings,
    troubledBy((item) => item.gameId === slow && !free, locked),
  );
  slow = (await manager.createGame(newCounter(), facts)).state.gameId;
  await manager.update(slow, move("due"));
  now += 11;
  await vi.waitFor(async () => expect(await stored(ids[0] ?? "")).toBe(true));
  expect(await stored(slow)).toBe(false);
  free = true;
  await vi.waitFor(async () => expect(await stored(slow)).toBe(true));
});

test("the backlog counts the games that wait, and how late the latest is, though claims hide it", async () => {
  const { manager, store } = await behind(3, { backlogEveryMs: 10 });
  expect(await manager.backlog()).toEqual({ games: 3, oldestOverdueMs: 1 });
  store.on("flush", away());
  await expect(manager.flushDue()).rejects.toMatchObject({ code: "StoreUnavailable" });
  await vi.waitFor(async () => expect((await manager.backlog()).oldestOverdueMs).toBeGreaterThan(20));
  store.heal();
  await manager.flushDue();
  expect(await manager.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
});

test("a running flusher reports the backlog", async () => {
  const { manager } = await behind(2, { runFlusher: true, flushEveryMs: 60_000, backlogEveryMs: 10 });
  const reported = new Promise((resolve) => manager.events.on("flush:backlog", resolve));
  expect(await reported).toMatchObject({ games: 2 });
});

test("a store that is away fills up: first new games are refused, then writes of clean games, each with a hint", async () => {
  const { manager, store } = await world.server({ refuseNewGamesAt: 2, maxDirtyGames: 3, backlogEveryMs: 10 });
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) ids.push((await manager.createGame(newCounter(), facts)).state.gameId);
  const [one = "", two = "", three = "", four = ""] = ids;
  store.on("flush", away());
  for (const gameId of [one, two]) await manager.update(gameId, move("due"));
  now += 5_000;
  await manager.backlog();
  await expect(manager.createGame(newCounter(), facts)).rejects.toMatchObject({
    code: "Backpressure",
    details: { what: "newGames", retryAfterMs: 4_000 },
  });
  await manager.update(three, move("due"));
  await expect(manager.update(four, move("due"))).rejects.toMatchObject({
    code: "Backpressure",
    details: { what: "writes", retryAfterMs: 4_000 },
  });
  await manager.update(one, move("goes on"));
  store.heal();
  await manager.flushDue();
  await manager.backlog();
  await manager.createGame(newCounter(), facts);
  await manager.update(four, move("due"));
});

test("at the bounds games are read, ended and deleted all the same", async () => {
  const { manager, store } = await world.server({ refuseNewGamesAt: 1, maxDirtyGames: 1, backlogEveryMs: 10 });
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push((await manager.createGame(newCounter(), facts)).state.gameId);
  const [dirty = "", ended = "", deleted = ""] = ids;
  store.on("flush", away());
  await manager.update(dirty, move("due"));
  await expect(manager.update(ended, move("due"))).rejects.toMatchObject({ code: "Backpressure" });
  expect((await manager.loadState(ended))?.state.moves).toEqual([]);
  await manager.endGame(ended, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  expect(await world.store.findHistory(assertGameId(ended))).toMatchObject({ outcome: { endReason: "draw" } });
  for (const gameId of [dirty, deleted]) expect(await manager.deleteGame(gameId)).toBe(true);
});

test("while the cache is away new games are taken: they need the store alone", async () => {
  const { manager, cache } = await world.server({ refuseNewGamesAt: 1 });
  for (const operation of ["read", "backlog", "install"] as const) cache.on(operation, away());
  const { state } = await manager.createGame(newCounter(), facts);
  expect(await world.store.status(state.gameId)).toBe("live");
});

test("while the store is away a turn boundary is refused, unless it may count as writeBehind", async () => {
  for (const fault of [away("unknown"), busy()]) {
    const strict = await world.server();
    const lenient = await world.server({ turnBoundaryWhileStoreAway: "writeBehind" });
    const { gameId } = (await strict.manager.createGame(newCounter(), facts)).state;
    strict.store.on("flush", fault);
    lenient.store.on("flush", fault);
    const refused = { code: "StoreUnavailable", details: { fate: "unknown" } };
    await expect(strict.manager.update(gameId, nextTurn)).rejects.toMatchObject(refused);
    const levels: string[] = [];
    lenient.manager.events.on("state:updated", ({ durability }) => levels.push(durability));
    const writeId = crypto.randomUUID();
    const turned = await lenient.manager.update(gameId, nextTurn, { writeId });
    expect(turned).toMatchObject({ state: { turn: 3 }, durability: "writeBehind", written: true });
    const again = await lenient.manager.update(gameId, nextTurn, { writeId });
    expect(again).toMatchObject({ state: { turn: 3 }, durability: "writeBehind", duplicate: true });
    expect(levels).toEqual(["writeBehind"]);
    // Who asks for it by name gets it, or an error.
    const asked = lenient.manager.update(gameId, move("asked"), { durability: "durable" });
    await expect(asked).rejects.toMatchObject(refused);
    await expect(
      lenient.manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false }),
    ).resolves.toBeDefined();
  }
});

test("an action behind the breaker is one call to the cache, as without it", async () => {
  const { manager, cache, store } = await world.server({ breakAfterFailures: 3 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"));
  cache.calls.length = 0;
  store.calls.length = 0;
  await manager.update(gameId, move("one call"));
  expect(cache.calls).toEqual(["write"]);
  expect(store.calls).toEqual([]);
});

test("a breaker that is open stops no write that the cache has taken from being unknown, and done by its retry", async () => {
  const { manager, store } = await world.server({ breakAfterFailures: 2, probeEveryMs: 10 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const reported: string[] = [];
  for (const event of ["store:away", "store:back"] as const) manager.events.on(event, () => reported.push(event));
  store.on("flush", away());
  const writeId = crypto.randomUUID();
  for (let n = 0; n < 5; n++) {
    await expect(manager.update(gameId, nextTurn, { writeId })).rejects.toMatchObject({
      code: "StoreUnavailable",
      details: { fate: "unknown" },
    });
  }
  expect((await manager.loadState(gameId))?.state.turn).toBe(2);
  store.heal();
  const retried = await vi.waitFor(() => manager.update(gameId, nextTurn, { writeId }));
  expect(retried).toMatchObject({ state: { turn: 2 }, duplicate: true, durability: "durable" });
  expect((await world.row(gameId)).turnNumber).toBe(2);
  expect(reported).toEqual(["store:away", "store:back"]);
});

test("a durable write ends in time although the store hangs, and what hangs is flushed in the end", async () => {
  const { manager, store } = await world.server({ durableWithinMs: 30 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const gate = createGate();
  store.on("flush", async (call) => {
    await gate.opened;
    return call();
  });
  await expect(manager.update(gameId, nextTurn)).rejects.toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "unknown" },
  });
  gate.open();
  await vi.waitFor(async () => expect((await world.row(gameId)).turnNumber).toBe(2));
});

test("a write that the cache has lost does not count as writeBehind while the store is away", async () => {
  const { manager, store, cache } = await world.server({ turnBoundaryWhileStoreAway: "writeBehind" });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  for (const operation of ["flush", "load"] as const) store.on(operation, away());
  cache.on("claimGame", async (call) => {
    await world.loseCache();
    return call();
  });
  await expect(manager.update(gameId, nextTurn)).rejects.toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "unknown" },
  });
});
