import { setImmediate as nextTurnOfLoop } from "node:timers/promises";
import { away, createGate, followedBy, precededBy } from "@turnkeep/conformance";
import { counterGame, draw, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { isTurnkeepError, TurnkeepError } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGameStateManager } from "./create-manager.js";
import type { GameStateManager } from "./manager.js";
import { openWorld, type World } from "./test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

type Call = (manager: GameStateManager<ReturnType<typeof newCounter>>, gameId: string) => Promise<unknown>;

const calls: Record<string, Call> = {
  loadState: (manager, gameId) => manager.loadState(gameId),
  update: (manager, gameId) => manager.update(gameId, move("a")),
  loadFromCache: (manager, gameId) => manager.loadFromCache(gameId),
  deleteFromCache: (manager, gameId) => manager.deleteFromCache(gameId),
  cacheExists: (manager, gameId) => manager.cacheExists(gameId),
  loadFromDb: (manager, gameId) => manager.loadFromDb(gameId),
  deleteFromDb: (manager, gameId) => manager.deleteFromDb(gameId),
  endGame: (manager, gameId) => manager.endGame(gameId, draw),
  archiveToHistory: (manager, gameId) => manager.archiveToHistory(gameId, { outcome: draw }),
  deleteGame: (manager, gameId) => manager.deleteGame(gameId),
  getReplay: (manager, gameId) => manager.getReplay(gameId, "spectator"),
  getLog: (manager, gameId) => manager.getLog(gameId),
  createGame: (manager, gameId) => manager.createGame(newCounter(gameId), facts),
  saveToCache: (manager, gameId) => manager.saveToCache(newCounter(gameId)),
  persistToDb: (manager, gameId) => manager.persistToDb(newCounter(gameId)),
  watch: async (manager, gameId) => manager.watch(gameId),
};

async function refusalOf(attempt: Promise<unknown>): Promise<TurnkeepError> {
  const reason: unknown = await attempt.then(
    () => "it was accepted",
    (error: unknown) => error,
  );
  if (!isTurnkeepError(reason)) throw reason;
  return reason;
}

const badIds = [
  "",
  "no uuid",
  "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA",
  "{aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa}",
  "a\u0000",
];

test.each(Object.entries(calls))(
  "%s refuses an id that is not canonical, and touches neither side",
  async (_, call) => {
    const { manager, cache, store } = await world.server();
    cache.calls.length = 0;
    store.calls.length = 0;
    for (const id of badIds) {
      const error = await refusalOf(call(manager, id));
      // A whole state is looked at before the id in it: a NUL is refused as a part of the state.
      expect(["InvalidGameId", "InvalidState"]).toContain(error.code);
    }
    expect([cache.calls, store.calls]).toEqual([[], []]);
  },
);

test.each(Object.entries(calls))("%s does not run before start and after close", async (_, call) => {
  const manager = createGameStateManager({
    game: counterGame,
    cache: createMemoryCache(),
    store: createMemoryStore(),
  });
  const notRunning = { code: "NotRunning" };
  await expect(call(manager, crypto.randomUUID())).rejects.toMatchObject(notRunning);
  await manager.start();
  await manager.close();
  await expect(call(manager, crypto.randomUUID())).rejects.toMatchObject(notRunning);
});

test("arguments that are unsound are refused with their names, and never their values", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const secret = "hunter2-hunter2";
  const attempts: Promise<unknown>[] = [
    manager.update(gameId, secret as never),
    manager.update(gameId, move("a"), { durability: secret as never }),
    manager.update(gameId, move("a"), { writeId: "x" }),
    manager.update(gameId, move("a"), { expectedVersion: secret as never }),
    manager.update(gameId, move("a"), { signal: secret as never }),
    manager.update(gameId, move("a"), null as never),
    manager.createGame(newCounter(), { ...facts, gameType: secret as never }),
    manager.createGame(newCounter(), { ...facts, playerIds: secret as never }),
    manager.endGame(gameId, { ...draw, winnerIds: [secret] }),
    manager.endGame(gameId, { endReason: "draw", winnerIds: [gameId], winnerIsNpc: true }),
    manager.archiveToHistory(gameId, { outcome: draw, replayData: { log: [secret] } }),
    manager.archiveToHistory(gameId, { outcome: draw, state: newCounter() }),
    manager.getPlayerActiveGames("", {}),
    manager.getPlayerHistory(gameId, { limit: 501 }),
    manager.getReplay(gameId, secret as never),
    manager.getLog(gameId, 0),
    manager.expireStaleGames({ idleForMs: Number.NaN }),
  ];
  for (const attempt of attempts) {
    const error = await refusalOf(attempt);
    expect(error.code).toBe("InvalidInput");
    expect(JSON.stringify([error.message, error.details])).not.toContain(secret);
  }
  expect((await manager.loadState(gameId))?.state.moves).toEqual([]);
});

const crowd = Array.from({ length: 65 }, (_, n) => `player ${n}`);
const unkeepable: [string, string[], string][] = [
  ["twice the same", ["alice", "bob", "alice"], "each player once"],
  ["one without a name", ["alice", ""], ".1"],
  ["one with too long a name", ["a".repeat(129)], ".0"],
  ["one with a control character", ["alice", "b\tob"], ".1"],
  ["one that no state can have as a key", ["constructor"], ".0"],
  ["too many", crowd, "too_big"],
];
test.each(unkeepable)("players of whom history could not keep %s are refused at the creation", async (_, ids, says) => {
  const { manager, gameId } = await startedWith(["alice", "bob"]);
  const given = manager.createGame(newCounter(), { ...facts, playerIds: ids });
  await expect(given).rejects.toMatchObject({
    code: "InvalidInput",
    details: { issues: [expect.stringContaining(says)] },
  });
  await expect(given).rejects.toThrow("playerIds");
  const own = { code: "InvalidState", message: expect.stringMatching(/playersOf/) };
  await expect(manager.createGame(newCounter(undefined, { players: ids }), facts)).rejects.toMatchObject(own);
  await expect(manager.persistToDb(newCounter(undefined, { players: ids }))).rejects.toMatchObject(own);
  await expect(manager.update(gameId, (state) => ({ ...state, players: ids }))).rejects.toMatchObject(own);
  await expect(manager.createGame(newCounter(), { ...facts, npcId: "b\tob" })).rejects.toThrow("npcId");
  expect(await manager.getActiveGameCount()).toBe(1);
});

test("a game of players with any names is won by one of them", async () => {
  const { manager, gameId } = await startedWith(["alice", "two words", "👩‍👩‍👧", "npc:rival"]);
  expect((await manager.getPlayerActiveGames("two words")).items).toMatchObject([{ gameId, npcId: "rival" }]);
  const result = { winnerId: "two words", winnerIsNpc: false, reason: "finished" };
  const stranger = manager.update(gameId, (state) => ({ ...state, result: { ...result, winnerId: "dora" } }));
  await expect(stranger).rejects.toMatchObject({
    code: "InvalidState",
    message: expect.stringMatching(/resultOf.winnerIds/),
  });
  await manager.update(gameId, (state) => ({ ...state, result }));
  for (const player of ["alice", "two words", "👩‍👩‍👧"]) {
    const { items } = await manager.getPlayerHistory(player);
    expect(items).toMatchObject([
      { gameId, outcome: { winnerIds: ["two words"] }, playerIds: ["alice", "two words", "👩‍👩‍👧"] },
    ]);
  }
});

async function startedWith(players: string[]) {
  const { manager } = await world.server();
  const created = await manager.createGame(newCounter(undefined, { players }), { gameType: "ranked" });
  return { manager, gameId: created.state.gameId };
}

test("a state that breaks its schema, or is too large, is refused, and nothing is stored", async () => {
  const { manager } = await world.server({ maxStateBytes: 1_024 });
  const broken = { ...newCounter(), moves: [7] } as never;
  const large = newCounter(undefined, { moves: ["x".repeat(2_000)] });
  for (const save of [
    (state: never) => manager.createGame(state, facts),
    (state: never) => manager.persistToDb(state),
    (state: never) => manager.saveToCache(state),
  ]) {
    await expect(save(broken)).rejects.toMatchObject({ code: "InvalidState", details: { reason: "schema" } });
    await expect(save(large as never)).rejects.toMatchObject({ code: "StateTooLarge" });
  }
  expect(await manager.getActiveGameCount()).toBe(0);
});

test("unknown settings, and values out of their bounds, are refused by name", () => {
  const parts = { game: counterGame, cache: createMemoryCache(), store: createMemoryStore() };
  expect(() => createGameStateManager({ ...parts, advanced: { flushEveryMs: 0 } })).toThrow(/advanced\.flushEveryMs/);
  expect(() => createGameStateManager({ ...parts, flushWithinMs: 0 })).toThrow(/flushWithinMs/);
  expect(() => createGameStateManager({ ...parts, flushEveryMs: 100 } as never)).toThrow(/flushEveryMs/);
  expect(() => createGameStateManager({ ...parts, flushEvery: 1 } as never)).toThrow(/flushEvery/);
});

test("where one side cannot be started the other is closed again, and the error leaves", async () => {
  const store = createMemoryStore();
  const cache = createMemoryCache();
  cache.start = () => Promise.reject(new Error("no cache here"));
  const manager = createGameStateManager({ game: counterGame, cache, store });
  await expect(manager.start()).rejects.toThrow("no cache here");
  await expect(store.ping()).rejects.toMatchObject({ code: "NotRunning" });
  await expect(manager.loadState(crypto.randomUUID())).rejects.toMatchObject({ code: "NotRunning" });
});

test("where one side is away and the other misconfigured, the mistake is what the start reports", async () => {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  cache.start = () => Promise.reject(new TurnkeepError("CacheUnavailable", "no answer", { fate: "notDone" }));
  store.start = () => Promise.reject(new TurnkeepError("Misconfigured", "another password", {}));
  await expect(createGameStateManager({ game: counterGame, cache, store }).start()).rejects.toThrow("another password");
});

test("closing waits for the calls under way and flushes what this process wrote", async () => {
  const { manager, store } = await world.server({ flushWithinMs: 60_000 });
  const closing = vi.spyOn(store.port, "close");
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await manager.createGame(newCounter(), facts)).state.gameId);
  const updates = ids.map((gameId) => manager.update(gameId, move("kept")));
  const closed = manager.close();
  await expect(manager.loadState(ids[0] ?? "")).rejects.toMatchObject({ code: "NotRunning" });
  await Promise.all([...updates, closed]);
  for (const gameId of ids) expect((await world.row(gameId)).state).toContain("kept");
  expect((await world.cache.backlog()).games).toBe(0);
  await manager.close();
  expect(closing).toHaveBeenCalledTimes(1);
});

test("closing waits for the acknowledgement that follows the answer to a durable write", async () => {
  const { manager, cache, store } = await world.server({ flushWithinMs: 60_000 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const gate = createGate();
  cache.on(
    "ack",
    precededBy(() => gate.opened),
    1,
  );
  await manager.update(gameId, nextTurn);
  store.calls.length = 0;
  const closed = manager.close();
  for (let turn = 0; turn < 20; turn++) await nextTurnOfLoop();
  expect((await world.cache.backlog()).games).toBe(1);
  gate.open();
  await closed;
  expect((await world.cache.backlog()).games).toBe(0);
  expect(store.calls).not.toContain("flush");
});

test("closing flushes a write that came while an earlier one of its game was acknowledged", async () => {
  const { manager, cache } = await world.server({ flushWithinMs: 60_000 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  cache.on(
    "ack",
    followedBy(() => manager.update(gameId, move("kept"))),
    1,
  );
  await manager.update(gameId, nextTurn);
  await vi.waitFor(async () => expect((await manager.loadState(gameId))?.state.moves).toEqual(["kept"]));
  await manager.close();
  expect((await world.row(gameId)).state).toContain("kept");
});

test("closing also flushes what has become unverified since it was written", async () => {
  const { manager } = await world.server({ flushWithinMs: 60_000 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  world.failover();
  await manager.close();
  expect((await world.row(gameId)).state).toContain("kept");
  expect((await world.cache.backlog()).games).toBe(0);
});

test("closing during the start waits for it; closing before it leaves nothing to start", async () => {
  const parts = () => ({ game: counterGame, cache: createMemoryCache(), store: createMemoryStore() });
  const starting = parts();
  const manager = createGameStateManager(starting);
  await Promise.all([manager.start(), manager.close(), manager.close()]);
  await expect(starting.store.ping()).rejects.toMatchObject({ code: "NotRunning" });
  const unused = createGameStateManager(parts());
  await unused.close();
  await expect(unused.start()).rejects.toMatchObject({ code: "NotRunning" });
});

test("a drain that fails is reported, leaves the games to others, and still closes", async () => {
  const { manager, store, logs } = await world.server({ flushWithinMs: 60_000 });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("left"));
  store.on("flush", away());
  await manager.close();
  expect(logs.filter(({ level }) => level === "warn")).toMatchObject([{ fields: { games: 1 } }]);
  expect((await world.cache.backlog()).games).toBe(1);
});

test("a listener that throws breaks no call, and is logged", async () => {
  const { manager, logs } = await world.server();
  const seen: string[] = [];
  const broken = () => {
    throw new Error("broken listener");
  };
  manager.events.on("state:created", broken).on("state:created", ({ gameId }) => seen.push(gameId));
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  expect(seen).toEqual([gameId]);
  expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
  manager.events.off("state:created", broken);
  await manager.createGame(newCounter(), facts);
  expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
});

test("no log line holds a state", async () => {
  const { manager, logs } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"), { durability: "durable" });
  await manager.deleteFromCache(gameId);
  await manager.loadState(gameId);
  await manager.endGame(gameId, draw);
  expect(logs.length).toBeGreaterThan(4);
  expect(JSON.stringify(logs)).not.toContain("word-of");
});
