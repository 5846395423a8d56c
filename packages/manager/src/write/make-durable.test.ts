import { facts, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringingNoCopy, openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

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
