import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openRealWorld, type RealWorld } from "./test/support/real-world.js";

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
});
afterEach(() => world.closeServers());
afterAll(() => world.close());

/** Copies the store's tables as a backup; what it returns puts them back, as an operator would, and empties the cache. */
async function backUp(): Promise<() => Promise<void>> {
  const { sequelize, schema, redis, keyPrefix } = world;
  const tables = ["active_games", "game_log"];
  for (const table of tables) {
    await sequelize.query(`CREATE TABLE "${schema}".backup_${table} AS TABLE "${schema}".${table}`);
  }
  return async () => {
    for (const table of tables) {
      await sequelize.query(`DELETE FROM "${schema}".${table}`);
      await sequelize.query(`INSERT INTO "${schema}".${table} SELECT * FROM "${schema}".backup_${table}`);
      await sequelize.query(`DROP TABLE "${schema}".backup_${table}`);
    }
    await redis.del(...(await redis.keys(`*${keyPrefix}*`)));
  };
}

test("no version is drawn twice: a copy from before both stores were restored is never written over what came after", async () => {
  const [creator, before] = [await world.server(), await world.server()];
  const { gameId } = (await creator.manager.createGame(newCounter(), facts)).state;
  const restore = await backUp();
  await creator.manager.deleteFromCache(gameId);
  await before.manager.loadState(gameId);
  await before.manager.update(gameId, move("lost-2"), { durability: "durable" });
  const held = await before.manager.update(gameId, move("lost-3"), { durability: "durable" });
  await restore();
  const after = await world.server();
  await after.manager.update(gameId, move("new-2"), { durability: "durable" });
  const newest = await after.manager.update(gameId, move("new-3"), { durability: "durable" });
  expect(newest.version).not.toBe(held.version);
  const written = await before.manager.update(gameId, move("new-4"), { durability: "durable" });
  expect(written.state.moves).toEqual(["new-2", "new-3", "new-4"]);
  const row = await world.store.read(gameId);
  expect(row.kind === "row" && JSON.parse(row.game.state).moves).toEqual(["new-2", "new-3", "new-4"]);
});
