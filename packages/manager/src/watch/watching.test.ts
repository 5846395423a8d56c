import { away, intercept, precededBy } from "@turnkeep/conformance";
import { type Counter, draw, facts, move, newCounter, win } from "@turnkeep/conformance/counter-game";
import type { Cache, Change } from "@turnkeep/core/ports";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWorld, type ServerOptions, type World } from "../test/support/world.js";
import type { WatchedGame } from "./watch-channel.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const summary = (game: WatchedGame<Counter>) =>
  game.status === "gone" ? "gone" : `${game.status} ${game.state.moves.join(",")}`;

async function watched(how: ServerOptions = {}) {
  const [one, two] = [await world.server(), await world.server({}, how)];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const watcher = two.manager.watch(gameId)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await watcher.next();
    return done ? "done" : summary(value);
  };
  return { one, two, gameId, watcher, next };
}

test("a watcher begins with the current state and sees what other servers write", async () => {
  const { one, gameId, next, watcher } = await watched();
  await one.manager.update(gameId, move("a"));
  expect(await next()).toBe("live a");
  const waiting = next();
  await one.manager.update(gameId, move("b"));
  expect(await waiting).toBe("live a,b");
  await watcher.return?.();
});

test("a slow watcher gets the newest state alone", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  for (const name of ["a", "b", "c", "d"]) await one.manager.update(gameId, move(name));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await next()).toBe("live a,b,c,d");
});

test("a watcher sees the end, then that the game has gone, and then no more", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await one.manager.update(gameId, win);
  expect(await next()).toBe("ended ");
  expect(await next()).toBe("gone");
  expect(await next()).toBe("done");
});

test("an end that is archived before it can be read is shown from history", async () => {
  const { one, two, gameId, next } = await watched();
  await one.manager.update(gameId, move("last"));
  expect(await next()).toBe("live last");
  two.cache.on(
    "read",
    precededBy(() => ended),
    1,
  );
  const ended = one.manager.update(gameId, win);
  await ended;
  expect(await next()).toBe("ended last");
  expect(await next()).toBe("gone");
});

test("deleted and unknown games are gone", async () => {
  const { one, two, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await one.manager.deleteGame(gameId);
  expect(await next()).toBe("gone");
  const unknown = two.manager.watch(crypto.randomUUID())[Symbol.asyncIterator]();
  expect((await unknown.next()).value).toMatchObject({ status: "gone" });
});

test("a copy that was only evicted is no end", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await one.manager.deleteFromCache(gameId);
  await one.manager.update(gameId, move("a"));
  let seen = await next();
  while (seen === "live ") seen = await next();
  expect(seen).toBe("live a");
});

test("what a caller's transaction wrote is seen after its commit", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await world.transaction((transaction) => one.manager.update(gameId, move("in it"), { transaction }));
  expect(await next()).toBe("live in it");
});

test("all watchers of a game share one subscription, which ends with the last of them", async () => {
  const { two, gameId, watcher, next } = await watched();
  await next();
  const others = [1, 2, 3].map(() => two.manager.watch(gameId)[Symbol.asyncIterator]());
  for (const other of others) expect((await other.next()).done).toBe(false);
  expect(two.cache.calls.filter((operation) => operation === "subscribe")).toHaveLength(1);
  for (const other of [...others, watcher]) await other.return?.();
  const again = two.manager.watch(gameId)[Symbol.asyncIterator]();
  await again.next();
  expect(two.cache.calls.filter((operation) => operation === "subscribe")).toHaveLength(2);
});

test("a signal ends the watcher, also one that waits, and one that had fired before", async () => {
  const { two, gameId } = await watched();
  const controller = new AbortController();
  const watcher = two.manager.watch(gameId, { signal: controller.signal })[Symbol.asyncIterator]();
  await watcher.next();
  const waiting = watcher.next();
  controller.abort();
  expect(await waiting).toEqual({ value: undefined, done: true });
  const late = two.manager.watch(gameId, { signal: AbortSignal.abort() })[Symbol.asyncIterator]();
  expect(await late.next()).toEqual({ value: undefined, done: true });
});

test("closing the manager ends its watchers, and none learns that the game has gone", async () => {
  const { two, next } = await watched();
  expect(await next()).toBe("live ");
  const waiting = next();
  await two.manager.close();
  expect(await waiting).toBe("done");
});

test("while the cache is away a watcher waits, and goes on when it is back", async () => {
  const runtime = createVirtualRuntime();
  const { one, two, gameId, next } = await watched({ runtime });
  expect(await next()).toBe("live ");
  two.cache.on("read", away(), 3);
  await one.manager.update(gameId, move("a"));
  const waiting = next();
  await runtime.advance(750);
  expect(await waiting).toBe("live a");
});

test("a watcher that begins while the cache is away is subscribed when it is back, and a signal ends its wait", async () => {
  const runtime = createVirtualRuntime();
  const { one, two, gameId, next } = await watched({ runtime });
  two.cache.on("subscribe", away(), 3);
  const controller = new AbortController();
  const impatient = two.manager.watch(gameId, { signal: controller.signal })[Symbol.asyncIterator]();
  const [waiting, ended] = [next(), impatient.next()];
  await runtime.advance(500);
  controller.abort();
  expect(await ended).toEqual({ value: undefined, done: true });
  await runtime.advance(250);
  expect(await waiting).toBe("live ");
  await one.manager.update(gameId, move("a"));
  expect(await next()).toBe("live a");
});

test("closing the manager ends watchers that wait for the cache", async () => {
  const runtime = createVirtualRuntime();
  const { two, next } = await watched({ runtime });
  two.cache.on("subscribe", away());
  const waiting = next();
  await runtime.advance(10_000);
  await two.manager.close();
  expect(await waiting).toBe("done");
  expect(runtime.untilNextTimerMs()).toBeNull();
});

test("all watchers of a game get the same objects, be it a state or that it has gone", async () => {
  const { one, two, gameId } = await watched();
  const watchers = [1, 2, 3].map(() => two.manager.watch(gameId)[Symbol.asyncIterator]());
  const distinct = async () => {
    const results = await Promise.all(watchers.map((watcher) => watcher.next()));
    return [new Set(results.map(({ value }) => value)).size, results[0]?.value?.status];
  };
  expect(await distinct()).toEqual([1, "live"]);
  const late = two.manager.watch(gameId)[Symbol.asyncIterator]();
  const again = two.manager.watch(gameId)[Symbol.asyncIterator]();
  expect((await late.next()).value).toBe((await again.next()).value);
  await one.manager.deleteGame(gameId);
  expect(await distinct()).toEqual([1, "gone"]);
});

test("a watcher that joins others begins with no state older than itself, though no change was announced", async () => {
  const deaf = (cache: Cache) => intercept(cache, { subscribe: async () => () => undefined });
  const { one, two, gameId, next } = await watched({ cacheThrough: deaf });
  expect(await next()).toBe("live ");
  await one.manager.update(gameId, move("unheard"));
  const late = two.manager.watch(gameId)[Symbol.asyncIterator]();
  expect((await late.next()).value).toMatchObject({ state: { moves: ["unheard"] } });
});

test.each(['{"v":2}', "", "gone?", "1", "1.1.1", "-1.2", "\u0000"])(
  "a message that no Turnkeep sent throws nothing, and the game is read: %j",
  async (message) => {
    let onChange = (_change: Change) => {};
    const listening = (cache: Cache) =>
      intercept(cache, {
        subscribe: (call, _gameId, listener) => {
          onChange = listener;
          return call();
        },
      });
    const { one, two, gameId, next } = await watched({ cacheThrough: listening });
    expect(await next()).toBe("live ");
    const reads = () => two.cache.calls.filter((operation) => operation === "read").length;
    const before = reads();
    onChange(message as Change);
    await vi.waitFor(() => expect(reads()).toBeGreaterThan(before));
    await one.manager.update(gameId, move("a"));
    expect(await next()).toBe("live a");
  },
);

test("after a gap the game is read again", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await one.manager.update(gameId, move("kept"), { durability: "durable" });
  expect(await next()).toBe("live kept");
  await world.loseCache();
  expect(await next()).toBe("live kept");
});

test("a game that cannot be read ends the watcher with its error", async () => {
  const { gameId, two } = await watched();
  world.corrupt(gameId, "{ not json", { flushed: false });
  const watcher = two.manager.watch(gameId)[Symbol.asyncIterator]();
  await expect(watcher.next()).rejects.toMatchObject({ code: "GameQuarantined" });
  expect((await watcher.next()).done).toBe(true);
});

test("a game that ends by the call instead of a reducer is seen as well", async () => {
  const { one, gameId, next } = await watched();
  expect(await next()).toBe("live ");
  await one.manager.endGame(gameId, draw);
  expect(await next()).toBe("ended ");
  expect(await next()).toBe("gone");
});

test("calls of one watcher that are made at once answer one after the other", async () => {
  const { manager } = await world.server();
  const other = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const watcher = manager.watch(gameId)[Symbol.asyncIterator]();
  const [first, second, third] = [watcher.next(), watcher.next(), watcher.next()];
  expect((await first).value).toMatchObject({ state: { moves: [] } });
  await other.manager.update(gameId, move("a"));
  expect((await second).value).toMatchObject({ state: { moves: ["a"] } });
  await watcher.return?.();
  expect(await third).toEqual({ value: undefined, done: true });
});
