import { facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

const withinMs = 15_000;
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** A server with a virtual clock, and how a call of it ended, and when. */
async function timedServer(settings: { loadsAtOnce?: number } = {}) {
  const runtime = createVirtualRuntime();
  const { manager, store } = await world.server(settings, { runtime });
  const timed = async (call: Promise<unknown>) => {
    const outcome = await call.then(
      () => "done",
      (error: { code: string; details: { fate: string; reason?: string } }) =>
        `${error.code} ${error.details.reason} ${error.details.fate}`,
    );
    return { outcome, at: runtime.monotonicMs() };
  };
  return { runtime, manager, store, timed };
}

test("loads of one game whose row is locked all end in the time of one: who waits for a load shares its failure", async () => {
  const { runtime, manager, store, timed } = await timedServer();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await world.loseCache();
  await world.whileLocked([gameId], async () => {
    const began = runtime.monotonicMs();
    const loads = Array.from({ length: 12 }, () => timed(manager.loadState(gameId)));
    await runtime.advance(withinMs);
    for (const { outcome, at } of await Promise.all(loads)) {
      expect(outcome).toBe("StoreUnavailable busy notDone");
      expect(at - began).toBeLessThanOrEqual(withinMs);
    }
    expect(store.calls.filter((operation) => operation === "load").length).toBeLessThan(100);
  });
  expect(await manager.loadState(gameId)).toMatchObject({ state: { moves: [] } });
});

test("turns of one game whose row is locked all end in the time of one, and say what became of them", async () => {
  const { runtime, manager, timed } = await timedServer();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await world.whileLocked([gameId], async () => {
    const began = runtime.monotonicMs();
    const turns = Array.from({ length: 6 }, () => timed(manager.update(gameId, nextTurn)));
    await runtime.advance(withinMs);
    const ends = await Promise.all(turns);
    expect(ends.every(({ at }) => at - began <= withinMs)).toBe(true);
    const outcomes = ends.map(({ outcome }) => outcome);
    expect(outcomes[0]).toBe("StoreUnavailable busy unknown");
    expect(outcomes.slice(2)).toEqual(Array(4).fill("StoreUnavailable busy notDone"));
  });
  await runtime.advance(1_000);
  // What was not done was not done; what is unknown stands in the cache.
  const turn = (await manager.loadState(gameId))?.state.turn;
  expect([2, 3]).toContain(turn);
  expect(await world.row(gameId)).toMatchObject({ turnNumber: turn });
});

test("locked rows keep no other game's load and no other game's turn waiting", async () => {
  const { runtime, manager, timed } = await timedServer({ loadsAtOnce: 2 });
  const create = async () => (await manager.createGame(newCounter(), facts)).state.gameId;
  const locked = await Promise.all(Array.from({ length: 8 }, create));
  const [other, played] = [await create(), await create()];
  const dirty = await create();
  for (const gameId of [...locked, other]) await manager.deleteFromCache(gameId);
  await manager.update(dirty, move("unflushed"));
  await world.whileLocked([...locked, dirty], async () => {
    const waiting = [...locked.map((gameId) => manager.loadState(gameId)), manager.update(dirty, nextTurn)];
    const began = runtime.monotonicMs();
    const ends = [timed(manager.loadState(other)), timed(manager.update(played, nextTurn))];
    await runtime.advance(100);
    for (const end of await Promise.all(ends)) expect(end).toEqual({ outcome: "done", at: expect.any(Number) });
    expect((await Promise.all(ends)).every(({ at }) => at - began <= 100)).toBe(true);
    for (const call of waiting) call.catch(() => undefined);
  });
  await runtime.advance(1_000);
  expect(await manager.loadState(locked[0] ?? "")).toMatchObject({ version: expect.any(String) });
});
