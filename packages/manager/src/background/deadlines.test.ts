import { type Counter, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWorld, type Server, type World } from "../test/support/world.js";

const turnMs = 30_000;
const gapMs = 60_000;
let world: World;
let time: number;

beforeEach(async () => {
  time = 1_700_000_000_000;
  world = await openWorld(() => time);
});
afterEach(() => world.close());

/** A server that is started when so much more time has passed, so that its first beat shows the service time. */
async function serverAfter(
  ms: number,
  settings: { serviceGapMs?: number; loadWithinMs?: number } = {},
): Promise<Server> {
  time += ms;
  return world.server({ runServiceClock: true, serviceGapMs: gapMs, ...settings });
}

/** The player loses the turn: the other's begins now. */
const loseTurn = (state: Counter, serviceMs: number) => ({
  state: { ...nextTurn(state), due: serviceMs + turnMs },
  log: [{ timeOutAt: serviceMs }],
});

async function startGame(): Promise<string> {
  const { state } = await world.create(newCounter(undefined, { due: turnMs }));
  return state.gameId;
}

test("a turn is over once the service time has come to it, not a moment before", async () => {
  const gameId = await startGame();
  const early = await serverAfter(turnMs - 20_000);
  expect(await early.manager.enforceDeadlines(loseTurn)).toEqual({ enforced: 0, failed: [] });
  const late = await serverAfter(20_000);
  expect(await late.manager.enforceDeadlines(loseTurn)).toEqual({ enforced: 1, failed: [] });
  const loaded = await late.manager.loadState(gameId);
  expect(loaded?.state).toMatchObject({ turn: 2 });
  expect(loaded?.state.due).toBeGreaterThanOrEqual(2 * turnMs);
  expect(await late.manager.enforceDeadlines(loseTurn)).toEqual({ enforced: 0, failed: [] });
});

test("how late a deadline was enforced is reported once, by the service clock", async () => {
  const gameId = await startGame();
  await startGame();
  const { manager } = await serverAfter(turnMs + 700);
  const enforced = vi.fn();
  manager.events.on("deadline:enforced", enforced);
  await manager.enforceDeadlines((state, serviceMs) => (state.gameId === gameId ? loseTurn(state, serviceMs) : state));
  expect(enforced).toHaveBeenCalledExactlyOnceWith({ gameId, lateMs: expect.any(Number) });
  const [{ lateMs }] = enforced.mock.calls[0] ?? [{ lateMs: 0 }];
  expect(lateMs).toBeGreaterThanOrEqual(700);
  expect(lateMs).toBeLessThan(30_000);
});

test("by many processes at once, each deadline is enforced once", async () => {
  const gameIds = await Promise.all(Array.from({ length: 12 }, startGame));
  const first = await serverAfter(turnMs);
  const others = await Promise.all([serverAfter(0), serverAfter(0), serverAfter(0)]);
  const servers = [first, ...others];
  const rounds = await Promise.all(servers.map(({ manager }) => manager.enforceDeadlines(loseTurn)));
  expect(rounds.reduce((sum, { enforced }) => sum + enforced, 0)).toBe(gameIds.length);
  expect(rounds.flatMap(({ failed }) => failed)).toEqual([]);
  for (const gameId of gameIds) {
    expect(await first.manager.getLog(gameId)).toHaveLength(1);
    expect((await world.row(gameId)).turnNumber).toBe(2);
  }
});

test("time in which no process ran the service costs no more than the gap", async () => {
  const gameId = await startGame();
  const before = await serverAfter(2_000, { serviceGapMs: 5_000 });
  expect(before.manager.serviceTime()).toBeGreaterThanOrEqual(2_000);
  const after = await serverAfter(3_600_000, { serviceGapMs: 5_000 });
  expect(after.manager.serviceTime()).toBeLessThan(turnMs);
  expect(await after.manager.enforceDeadlines(loseTurn)).toEqual({ enforced: 0, failed: [] });
  const later = await serverAfter(23_000);
  expect(await later.manager.enforceDeadlines(loseTurn)).toMatchObject({ enforced: 1 });
  expect(await later.manager.getLog(gameId)).toHaveLength(1);
});

test("a player who acted in time keeps the turn, though the store does not know of it yet", async () => {
  const gameId = await startGame();
  const playing = await serverAfter(turnMs);
  await playing.manager.update(gameId, (state) => ({ ...state, due: 3 * turnMs }));
  expect(await world.store.listIds({ dueBy: turnMs }, { after: null, limit: 10 })).toEqual([gameId]);
  const onDue = vi.fn(loseTurn);
  for (const { manager } of [playing, await serverAfter(0)]) {
    expect(await manager.enforceDeadlines(onDue)).toEqual({ enforced: 0, failed: [] });
  }
  expect(onDue).not.toHaveBeenCalled();
  expect((await playing.manager.loadState(gameId))?.state.turn).toBe(1);
});

test("a game without a deadline, and one that is over, are left alone", async () => {
  const ended = await startGame();
  await world.create(newCounter());
  const server = await serverAfter(turnMs);
  await server.manager.update(ended, win);
  const onDue = vi.fn(loseTurn);
  expect(await server.manager.enforceDeadlines(onDue)).toEqual({ enforced: 0, failed: [] });
  expect(onDue).not.toHaveBeenCalled();
  expect(await world.store.listIds({ dueBy: 10 * turnMs }, { after: null, limit: 10 })).toEqual([]);
});

test("a time-out may end the game", async () => {
  const gameId = await startGame();
  const server = await serverAfter(turnMs);
  expect(await server.manager.enforceDeadlines(win)).toMatchObject({ enforced: 1 });
  expect(await world.store.status(gameId)).toBe("archived");
});

test("a game that fails stops no other, is reported, and is left alone for a while", async () => {
  const games = await Promise.all(Array.from({ length: 6 }, startGame));
  const [bad] = games;
  const onDue = vi.fn((state: Counter, serviceMs: number) => {
    if (state.gameId === bad) throw new Error("the rules do not know what to do");
    return loseTurn(state, serviceMs);
  });
  const server = await serverAfter(turnMs);
  const { enforced, failed } = await server.manager.enforceDeadlines(onDue);
  expect([enforced, failed.map(({ gameId }) => gameId)]).toEqual([5, [bad]]);
  expect(server.logs.filter(({ level }) => level === "error")).toHaveLength(1);
  const calls = onDue.mock.calls.length;
  expect(await server.manager.enforceDeadlines(onDue)).toEqual({ enforced: 0, failed: [] });
  expect(onDue).toHaveBeenCalledTimes(calls);
});

test("a row that is locked keeps no other game's turn from its end", async () => {
  const [locked = ""] = await Promise.all(Array.from({ length: 6 }, startGame));
  const { manager } = await serverAfter(turnMs, { loadWithinMs: 100 });
  await world.loseCache();
  const result = await world.whileLocked([locked], () => manager.enforceDeadlines(loseTurn));
  expect(result).toMatchObject({ enforced: 5, failed: [{ gameId: locked }] });
});

test("however many rows are locked, the next game's turn ends soon, and no round waits for them", async () => {
  const runtime = createVirtualRuntime();
  const creator = await world.server();
  const create = async () => (await creator.manager.createGame(newCounter(undefined, { due: turnMs }), facts)).state;
  const gameIds = (await Promise.all(Array.from({ length: 21 }, create))).map(({ gameId }) => gameId).sort();
  const last = gameIds.pop() ?? "";
  time += turnMs;
  const { manager } = await world.server({ runServiceClock: true, serviceGapMs: gapMs }, { runtime });
  await world.loseCache();
  await world.whileLocked(gameIds, async () => {
    let ended = false;
    const round = manager.enforceDeadlines(loseTurn).finally(() => {
      ended = true;
    });
    await runtime.advanceUntil(() => ended, 5_000);
    expect(await round).toMatchObject({ enforced: 1 });
    expect((await round).failed.map(({ gameId }) => gameId).sort()).toEqual(gameIds);
    expect(await world.row(last)).toMatchObject({ turnNumber: 2 });
    expect(await manager.enforceDeadlines(loseTurn)).toEqual({ enforced: 0, failed: [] });
  });
  await runtime.advance(1_000);
  for (const gameId of gameIds) expect(await world.row(gameId)).toMatchObject({ turnNumber: 2 });
});

test("more games than a page holds are enforced in one round", async () => {
  for (let n = 0; n < 7; n += 1) await startGame();
  time += turnMs;
  const settings = { runServiceClock: true, serviceGapMs: gapMs, recoveryPageGames: 2 };
  const { manager } = await world.server(settings);
  expect(await manager.enforceDeadlines(loseTurn)).toMatchObject({ enforced: 7 });
});

test("a deadline by a wall clock, decades ahead of the service's, is refused by its field's name", async () => {
  const gameId = await startGame();
  const { manager } = await world.server();
  await expect(manager.update(gameId, (state) => ({ ...nextTurn(state), due: time + turnMs }))).rejects.toMatchObject({
    code: "InvalidState",
    message: expect.stringMatching(/dueAt: it lies decades ahead: it counts in service time/),
    details: { reason: "definition", path: "dueAt" },
  });
  await manager.update(gameId, (state) => ({ ...nextTurn(state), due: 2 * turnMs }));
  expect(await world.row(gameId)).toMatchObject({ dueAt: 2 * turnMs });
});

test("what is due travels with the game through the cache, a lost cache, and a transaction of the caller's", async () => {
  const gameId = await startGame();
  const { manager } = await world.server();
  const due = async () => (await world.store.listIds({ dueBy: 1_000_000 }, { after: null, limit: 10 })).length;
  await manager.update(gameId, (state) => ({ ...nextTurn(state), due: 500_000 }));
  expect(await world.row(gameId)).toMatchObject({ dueAt: 500_000 });
  await world.loseCache();
  await manager.update(gameId, move("after the loss"), { durability: "durable" });
  expect(await world.row(gameId)).toMatchObject({ dueAt: 500_000 });
  await world.transaction((transaction) =>
    manager.update(gameId, (state) => ({ ...state, due: 600_000 }), { transaction }),
  );
  expect(await world.row(gameId)).toMatchObject({ dueAt: 600_000 });
  expect(await due()).toBe(1);
  await manager.update(gameId, ({ due: _due, ...state }) => nextTurn(state));
  expect(await due()).toBe(0);
});

test("a time that is none is refused, and nothing is stored", async () => {
  const { manager } = await world.server();
  const gameId = await startGame();
  await expect(manager.update(gameId, (state) => ({ ...state, due: -1 }))).rejects.toMatchObject({
    code: "InvalidState",
  });
  expect((await manager.loadState(gameId))?.state.due).toBe(turnMs);
});

test("without a service clock nothing is enforced, and without a function neither", async () => {
  const { manager } = await world.server();
  expect(() => manager.serviceTime()).toThrow(expect.objectContaining({ code: "NotRunning" }));
  await expect(manager.enforceDeadlines(loseTurn)).rejects.toMatchObject({ code: "NotRunning" });
  const running = await serverAfter(0);
  await expect(running.manager.enforceDeadlines(undefined as never)).rejects.toMatchObject({ code: "InvalidInput" });
});
