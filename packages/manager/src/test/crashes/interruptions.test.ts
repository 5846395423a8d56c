import { type Paused, pausedAt } from "@turnkeep/conformance";
import { alice, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import type { Cache, Store } from "@turnkeep/core/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringingNoCopy, openWorld, type Server, type World } from "../support/world.js";

/*
 * A server that stops at one step, as if it were killed, and goes on later, as if it had only been paused. In between
 * its peers have to find everything as the last step left it, and finish it.
 */

let now = 1_700_000_000_000;
let world: World;
beforeEach(async () => {
  world = await openWorld(() => now);
});
afterEach(() => world.close());

type Where = "before" | "after";
type Stop = readonly ["cache", keyof Cache, Where] | readonly ["store", keyof Store, Where];

/** A server that stops at this step, once it comes to it. */
async function stoppingAt([side, operation, where]: Stop): Promise<
  Server & Pick<Paused<unknown>, "reached" | "release">
> {
  let paused: Pick<Paused<unknown>, "reached" | "release"> | undefined;
  const stop = <Port extends object>(port: Port): Port => {
    const stopping = pausedAt(port, operation as never, where);
    paused = stopping;
    return stopping.port;
  };
  const server = await world.server({}, side === "cache" ? { cacheThrough: stop } : { storeThrough: stop });
  if (paused === undefined) throw new Error("nothing was paused");
  return { ...server, ...paused };
}

const named = (stop: Stop) => [`${stop[2]} ${stop[0]}.${stop[1]}`, stop] as const;

const endSteps: Stop[] = [
  ["cache", "seal", "after"],
  ["cache", "claimGame", "before"],
  ["store", "archive", "before"],
  ["store", "archive", "after"],
  ["cache", "evict", "before"],
  ["cache", "evict", "after"],
];

test.each(endSteps.map(named))("an end that stops %s is finished by a peer, once", async (_name, stop) => {
  const peer = await world.server();
  const { gameId } = (await peer.manager.createGame(newCounter(), facts)).state;
  const server = await stoppingAt(stop);
  if (stop[1] === "claimGame") server.cache.on("seal", bringingNoCopy);
  const ending = server.manager.update(gameId, win);
  await server.reached;
  await expect(peer.manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
  now += 1_001;
  await peer.manager.finishEndings();
  const history = await world.store.findHistory(gameId);
  expect(history).toMatchObject({ outcome: { winnerIds: [alice] } });
  expect(await world.cache.exists(gameId)).toBe(false);
  expect(await peer.manager.loadState(gameId)).toBeNull();
  server.release();
  await ending.catch(() => undefined);
  expect(await world.store.findHistory(gameId)).toEqual(history);
  expect((await peer.manager.getPlayerHistory(alice)).items).toHaveLength(1);
  expect(await peer.manager.loadState(gameId)).toBeNull();
});

const durableSteps: Stop[] = [
  ["cache", "write", "after"],
  ["cache", "claimGame", "before"],
  ["cache", "claimGame", "after"],
  ["store", "flush", "before"],
  ["store", "flush", "after"],
  ["cache", "ack", "before"],
  ["cache", "ack", "after"],
];

test.each(durableSteps.map(named))(
  "a turn boundary that stops %s is flushed by a peer, and played on",
  async (_, stop) => {
    const peer = await world.server();
    const { gameId } = (await peer.manager.createGame(newCounter(), facts)).state;
    const server = await stoppingAt(stop);
    if (stop[1] === "claimGame") server.cache.on("write", bringingNoCopy);
    const turning = server.manager.update(gameId, nextTurn, { writeId: "turn-0001" });
    await server.reached;
    now += 1_001;
    await peer.manager.flushDue();
    expect((await world.row(gameId)).turnNumber).toBe(2);
    expect(await peer.manager.update(gameId, nextTurn, { writeId: "turn-0001" })).toMatchObject({ duplicate: true });
    expect((await peer.manager.update(gameId, nextTurn)).state.turn).toBe(3);
    server.release();
    expect(await turning).toMatchObject({ durability: "durable" });
    expect((await peer.manager.loadState(gameId))?.state.turn).toBe(3);
    expect((await world.row(gameId)).turnNumber).toBe(3);
  },
);

const creationSteps: Stop[] = [
  ["cache", "read", "after"],
  ["store", "create", "before"],
  ["store", "create", "after"],
  ["cache", "install", "before"],
  ["cache", "install", "after"],
];

test.each(creationSteps.map(named))("a creation that stops %s is finished by its retry elsewhere", async (_, stop) => {
  const peer = await world.server();
  const server = await stoppingAt(stop);
  const state = newCounter();
  const creating = server.manager.createGame(state, facts);
  await server.reached;
  await peer.manager.createGame(state, facts);
  await peer.manager.update(state.gameId, move("a"), { durability: "durable" });
  server.release();
  await creating;
  expect((await server.manager.loadState(state.gameId))?.state.moves).toEqual(["a"]);
  expect((await peer.manager.update(state.gameId, move("b"))).state.moves).toEqual(["a", "b"]);
});

const loadSteps: Stop[] = [
  ["cache", "read", "after"],
  ["store", "load", "before"],
  ["store", "load", "after"],
  ["cache", "install", "before"],
];

test.each(loadSteps.map(named))("a load that stops %s brings nothing old back", async (_, stop) => {
  const peer = await world.server();
  const { gameId } = (await peer.manager.createGame(newCounter(), facts)).state;
  await peer.manager.deleteFromCache(gameId);
  const server = await stoppingAt(stop);
  const loading = server.manager.loadState(gameId);
  await server.reached;
  await peer.manager.update(gameId, move("a"));
  await peer.manager.update(gameId, move("b"), { durability: "durable" });
  server.release();
  expect((await loading)?.state.moves).toEqual(["a", "b"]);
  expect((await peer.manager.update(gameId, move("c"), { durability: "durable" })).state.moves).toHaveLength(3);
});

const deletionSteps: Stop[] = [
  ["store", "remove", "before"],
  ["store", "remove", "after"],
  ["cache", "evict", "before"],
];

test.each(deletionSteps.map(named))("a deletion that stops %s is finished by its retry elsewhere", async (_, stop) => {
  const peer = await world.server();
  const { gameId } = (await peer.manager.createGame(newCounter(), facts)).state;
  const server = await stoppingAt(stop);
  const deleting = server.manager.deleteGame(gameId);
  await server.reached;
  await peer.manager.deleteGame(gameId);
  expect(await peer.manager.loadState(gameId)).toBeNull();
  server.release();
  await deleting;
  expect(await world.store.status(gameId)).toBe("deleted");
  expect(await world.cache.exists(gameId)).toBe(false);
  await expect(peer.manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameGone" });
});
