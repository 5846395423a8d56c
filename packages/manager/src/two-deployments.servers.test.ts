import { alice, counterGame, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { defineGame } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import { patienceMs, type RedisCluster, startRedisCluster } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { type Redis as Client, Cluster, Redis } from "ioredis";
import { Sequelize, type Transaction } from "sequelize";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { createGameStateManager } from "./create-manager.js";

const [production, staging] = [uniqueName("production"), uniqueName("staging")];
const twoDeployments = { code: "Misconfigured", message: expect.stringContaining("two deployments share one cache") };
let sequelize: Sequelize;
let keyPrefix: string;

const storeOf = (schema: string) => createSqlStore({ sequelize, schema }) as Store<Transaction>;

async function startManager(schema: string, redisUrl: string) {
  const cache = createRedisCache({ url: redisUrl, keyPrefix, commandTimeoutMs: patienceMs });
  const manager = createGameStateManager({
    game: counterGame,
    cache,
    store: storeOf(schema),
    runFlusher: false,
    flushWithinMs: 10,
  });
  await manager.start();
  return { manager, cache };
}

async function movesIn(schema: string): Promise<string[]> {
  const [rows] = await sequelize.query(
    `SELECT state FROM "${schema}".active_games WHERE state IS NOT NULL ORDER BY id`,
  );
  return (rows as { state: string }[]).map(({ state }) => JSON.parse(state).moves.join());
}

/** What a staging system has that was filled from production: the same games, and the same id of a schema, in another place. */
async function copyGames(): Promise<void> {
  for (const table of ["active_games", "game_log", "game_deployment"]) {
    if (table === "game_deployment") await sequelize.query(`DELETE FROM "${staging}".${table}`);
    await sequelize.query(`INSERT INTO "${staging}".${table} SELECT * FROM "${production}".${table}`);
  }
}

beforeAll(() => {
  sequelize = new Sequelize(testServers().databaseUrl, { logging: false });
});
afterAll(() => sequelize.close());
beforeEach(async () => {
  keyPrefix = `${uniqueName("deployments")}:`;
  for (const schema of [production, staging]) {
    await sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await createSqlStore({ sequelize, schema }).migrate();
  }
  return async () => {
    for (const schema of [production, staging]) await sequelize.query(`DROP SCHEMA "${schema}" CASCADE`);
  };
});

describe.each(["one Redis", "a Redis Cluster"])("two deployments on %s", (kind) => {
  let cluster: RedisCluster | undefined;
  let redis: Client | Cluster;
  let url: string;
  beforeAll(async () => {
    if (kind === "a Redis Cluster") cluster = await startRedisCluster();
    const nodes = cluster?.nodes.map(({ host, port }) => `${host}:${port}`);
    url = nodes === undefined ? testServers().redisUrl : `redis-cluster://${nodes.join()}`;
    redis = cluster === undefined ? new Redis(url) : new Cluster([...cluster.nodes]);
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster?.stop();
  });

  /** Redis comes back without any of these keys. */
  async function loseKeys(): Promise<void> {
    for (const node of "nodes" in redis ? redis.nodes("master") : [redis]) {
      const keys = await node.keys(`*${keyPrefix}*`);
      for (const key of keys) await redis.del(key);
    }
  }

  test("the second does not start, and every write of the first reaches its own Postgres", async () => {
    const { manager } = await startManager(production, url);
    const games = await Promise.all(Array.from({ length: 20 }, () => manager.createGame(newCounter(), facts)));
    await copyGames();
    await Promise.all(games.map(({ state }) => manager.update(state.gameId, move("one"))));
    await expect(startManager(staging, url)).rejects.toMatchObject(twoDeployments);
    expect(await manager.flushDue()).toMatchObject({ failed: 0 });
    expect(await movesIn(production)).toEqual(Array(20).fill("one"));
    expect(await movesIn(staging)).toEqual(Array(20).fill(""));
    await manager.close();
  });

  test("when Redis has lost everything, the first call of a running server keeps the second out again", async () => {
    const { manager } = await startManager(production, url);
    const { state } = await manager.createGame(newCounter(), facts);
    await loseKeys();
    await manager.flushDue();
    await expect(startManager(staging, url)).rejects.toMatchObject(twoDeployments);
    await manager.update(state.gameId, move("one"), { durability: "durable" });
    expect(await movesIn(production)).toEqual(["one"]);
    await manager.close();
  });

  test("one that comes first after a loss is heard of at the next call, and no write goes to the wrong Postgres", async () => {
    const { manager } = await startManager(production, url);
    const { state } = await manager.createGame(newCounter(), facts);
    await copyGames();
    await loseKeys();
    const second = await startManager(staging, url);
    await second.manager.update(state.gameId, move("staging"));
    await expect(manager.update(state.gameId, move("production"))).rejects.toMatchObject(twoDeployments);
    await expect(manager.flushDue()).rejects.toMatchObject(twoDeployments);
    await expect(manager.deleteGame(state.gameId)).rejects.toMatchObject(twoDeployments);
    // It is due ten milliseconds after the write.
    await vi.waitFor(async () => {
      await second.manager.flushDue();
      expect(await movesIn(staging)).toEqual(["staging"]);
    });
    expect(await movesIn(production)).toEqual([]);
    await Promise.all([manager.close(), second.manager.close()]);
  });
});

test("a process of another game is refused by the schema, and quarantines none of its games", async () => {
  const url = testServers().redisUrl;
  const { manager } = await startManager(production, url);
  const games = await Promise.all(Array.from({ length: 20 }, () => manager.createGame(newCounter(), facts)));
  await Promise.all(games.map(({ state }) => manager.update(state.gameId, nextTurn)));
  const other = defineGame({
    name: "other-game",
    schema: z.strictObject({ schemaVersion: z.literal(1), id: z.string() }),
    schemaVersion: 1,
    idOf: ({ id }) => id,
    turnOf: () => 1,
    resultOf: () => null,
  });
  const cache = createRedisCache({ url, keyPrefix, commandTimeoutMs: patienceMs });
  const intruder = createGameStateManager({ game: other, cache, store: storeOf(production) });
  await expect(intruder.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: `the schema "${production}" of the store keeps games of "counter", and this process serves "other-game": give it a schema of its own`,
  });
  const [rows] = await sequelize.query(`SELECT DISTINCT status FROM "${production}".active_games`);
  expect(rows).toEqual([{ status: "live" }]);
  expect(await manager.getPlayerActiveGames(alice)).toMatchObject({ items: { length: 20 } });
  await manager.close();
});
