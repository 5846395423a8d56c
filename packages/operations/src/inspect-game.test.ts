import { alwaysFailing, fixtures } from "@turnkeep/conformance";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { inspectGame, newestState } from "./inspect-game.js";

const { newGameId, newGameOf } = fixtures;

async function openSides() {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  return { cache, store };
}

test("both sides of a game, with the newest state if asked for", async () => {
  const sides = await openSides();
  const gameId = newGameId();
  const row = fixtures.createdBy(await sides.store.create(newGameOf(gameId)));
  expect(await inspectGame(sides, gameId)).toMatchObject({
    cache: { facts: null },
    store: { facts: { status: "live" } },
  });
  const at = await fixtures.install(sides.cache, row);
  await sides.cache.write(gameId, fixtures.writeOf(at, { state: '{"newest":1}' }));
  const seen = await inspectGame(sides, gameId, { states: true });
  expect(seen).toMatchObject({ cache: { facts: { dirty: true } }, store: { facts: { version: row.version } } });
  expect(newestState(seen)).toBe('{"newest":1}');
  sides.cache.space.makeUnverified(gameId);
  expect(newestState(await inspectGame(sides, gameId, { states: true }))).toBe(row.state);
});

test("a side that does not answer is reported beside what the other one has", async () => {
  const { cache, store } = await openSides();
  const gameId = newGameId();
  await store.create(newGameOf(gameId));
  const broken = alwaysFailing(cache);
  const seen = await inspectGame({ cache: broken, store }, gameId);
  expect(seen).toMatchObject({ cache: { error: { code: "CacheUnavailable" } }, store: { facts: { gameId } } });
  const notStarted = new Error("it did not start");
  expect((await inspectGame({ cache, store: notStarted }, gameId)).store).toEqual({ error: notStarted });
});

test("an id that is none is refused", async () => {
  await expect(inspectGame(await openSides(), "nope")).rejects.toMatchObject({ code: "InvalidGameId" });
});
