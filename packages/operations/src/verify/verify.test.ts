import { fixtures } from "@turnkeep/conformance";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import type { Ground } from "../testing/plant.js";
import { findingsIn, verifySuite } from "../testing/verify-suite.js";

async function openMemory(): Promise<Ground & { close(): Promise<void> }> {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  return {
    cache,
    store: store as Ground["store"],
    dropMark: async (gameId) => void cache.space.dueAt.delete(gameId),
    mark: async (gameId) => cache.space.mark(gameId, cache.space.now()),
    revive: async (gameId) => {
      const game = fixtures.rowOf(gameId, { state: "{}", logCount: 0, fence: "1" });
      await store.transaction(async (transaction) =>
        store.space.rows.set(gameId, { status: "live", game, initialState: "{}", log: [] }, transaction),
      );
    },
    close: async () => {
      await Promise.all([cache.close(), store.close()]);
    },
  };
}

verifySuite(openMemory);

test("a game that moves between two looks is no finding, however wrong each look was", async () => {
  const ground = await openMemory();
  const { gameId } = fixtures.createdBy(await ground.store.create(fixtures.newGameOf(fixtures.newGameId())));
  let looks = 0;
  // Between two looks another process always loads it and loses it: it is missing whenever it is looked at.
  const store = {
    ...ground.store,
    inspect: async (...args: Parameters<typeof ground.store.inspect>) => {
      looks += 1;
      await ground.store.load(gameId);
      return ground.store.inspect(...args);
    },
  };
  expect(await findingsIn({ ...ground, store })).toEqual([]);
  expect(looks).toBeGreaterThan(3);
});

test("an unverified copy is no finding: its next load compares it", async () => {
  const ground = await openMemory();
  const cache = createMemoryCache();
  await cache.start();
  const row = fixtures.createdBy(await ground.store.create(fixtures.newGameOf(fixtures.newGameId())));
  await fixtures.install(cache, row);
  await ground.store.flush([fixtures.nextOf(row)]);
  expect((await findingsIn({ ...ground, cache })).map(({ kind }) => kind)).toEqual(["behind"]);
  cache.space.failover();
  expect(await findingsIn({ ...ground, cache })).toEqual([]);
});
