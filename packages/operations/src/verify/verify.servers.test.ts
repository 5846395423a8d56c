import { fixtures } from "@turnkeep/conformance";
import { alice, bob, counterGame, move, newCounter } from "@turnkeep/conformance/counter-game";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore, type SqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import { describe, expect, test, vi } from "vitest";
import { type Ground, plantSound, plants } from "../testing/plant.js";
import { findingsIn, verifySuite } from "../testing/verify-suite.js";
import { verify } from "./verify.js";

const patient = { commandTimeoutMs: 60_000, connectTimeoutMs: 60_000 };

interface Servers extends Ground {
  readonly store: Ground["store"] & Pick<SqlStore, "sequelize">;
  readonly redis: Redis;
  readonly prefix: string;
  readonly schema: string;
  close(): Promise<void>;
}

async function openServers(): Promise<Servers> {
  const [schema, { redisUrl, databaseUrl }] = [uniqueName("verify"), testServers()];
  const prefix = `${schema}:`;
  const cache = createRedisCache({ url: redisUrl, keyPrefix: prefix, ...patient });
  const store = createSqlStore({ url: databaseUrl, schema, statementTimeoutMs: 60_000 });
  await store.migrate();
  await Promise.all([cache.start(), store.start()]);
  const redis = new Redis(redisUrl);
  return {
    cache,
    store: store as Servers["store"],
    redis,
    prefix,
    schema,
    dropMark: async (gameId) => void (await redis.zrem(`${prefix}dirty:{0}`, gameId)),
    mark: async (gameId) => void (await redis.zadd(`${prefix}dirty:{0}`, Date.now(), gameId)),
    revive: async (gameId) => {
      const columns = "status = 'live', state = '{}', outcome = NULL, closed_at = NULL, log_count = 0";
      await store.sequelize.query(`UPDATE "${schema}".active_games SET ${columns} WHERE id = '${gameId}'`);
    },
    close: async () => {
      await store.sequelize.query(`DROP SCHEMA "${schema}" CASCADE`);
      const keys = await redis.keys(`*${prefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
      await Promise.all([cache.close(), store.close()]);
    },
  };
}

describe("on real servers", () => verifySuite(openServers));

test("the states of games that both sides have alike are not read", async () => {
  const ground = await openServers();
  await plantSound(ground);
  const ids = await ground.store.listIds("active", { after: null, limit: 10 });
  const alike = (await ground.store.digests(ids)).size === 0 ? 0 : 2; // One of the three is unsaved.
  const [inCache, inStore] = [vi.spyOn(ground.cache, "inspect"), vi.spyOn(ground.store, "inspect")];
  expect(await findingsIn(ground)).toEqual([]);
  const asked: readonly (readonly unknown[])[] = [...inCache.mock.calls, ...inStore.mock.calls];
  expect(asked.flatMap(([gameIds]) => gameIds)).toHaveLength(2 * (ids.length - alike));
  await ground.close();
});

const setCopy = (ground: Servers, gameId: string, text: string) =>
  ground.redis.set(`${ground.prefix}game:${gameId}`, text, "KEEPTTL");
const setRow = (ground: Servers, gameId: string, text: string) =>
  ground.store.sequelize.query(`UPDATE "${ground.schema}".active_games SET state = '${text}' WHERE id = '${gameId}'`);

test.each<[string, (ground: Servers, gameId: string) => Promise<unknown>]>([
  ["a copy of as many bytes", (ground, gameId) => setCopy(ground, gameId, '{"sound":true]')],
  ["an empty copy", (ground, gameId) => setCopy(ground, gameId, "")],
  [
    "an unsaved copy",
    async (ground, gameId) => {
      await ground.cache.write(gameId, fixtures.writeOf(await versionIn(ground, gameId), { entries: [] }));
      await setCopy(ground, gameId, "no document");
    },
  ],
  ["a row", (ground, gameId) => setRow(ground, gameId, '{"sound":true')],
  ["a row that is an array", (ground, gameId) => setRow(ground, gameId, "[]")],
  ["a row of very many levels", (ground, gameId) => setRow(ground, gameId, `{"a":`.repeat(100_000))],
])("%s that is no document is unreadable, whatever the other side has", async (_, spoil) => {
  const ground = await openServers();
  await plantSound(ground);
  const gameId = await plants.missing(ground);
  await fixtures.install(ground.cache, fixtures.rowIn(await ground.store.load(gameId)));
  await spoil(ground, gameId);
  expect((await findingsIn(ground)).map((found) => [found.kind, found.gameId])).toEqual([["unreadable", gameId]]);
  await ground.close();
});

const versionIn = async ({ cache }: Servers, gameId: string) => {
  const [copy] = await cache.inspect([gameId]);
  if (copy === undefined) throw new Error("it is cached");
  return copy.version;
};

test("while games are created, played, flushed, dropped and ended, nothing is reported", async () => {
  const ground = await openServers();
  const { redisUrl, databaseUrl } = testServers();
  const managers = await Promise.all(
    [0, 1].map(async () => {
      const manager = createGameStateManager({
        game: counterGame,
        cache: createRedisCache({ url: redisUrl, keyPrefix: ground.prefix, ...patient }),
        store: createSqlStore({ url: databaseUrl, schema: ground.schema }),
        flushWithinMs: 20,
      });
      await manager.start();
      return manager;
    }),
  );
  let [isOver, played] = [false, 0];
  const play = async (table: number) => {
    const [manager, other] = [managers[table % 2], managers[(table + 1) % 2]];
    if (manager === undefined || other === undefined) throw new Error("two managers");
    while (!isOver) {
      const state = newCounter();
      await manager.createGame(state, { gameType: "ranked", playerIds: [alice, bob] });
      for (let n = 0; n < 6; n += 1) {
        await (n % 2 === 0 ? manager : other).update(state.gameId, move(`${n}`));
        if (n === 3) await manager.deleteFromCache(state.gameId);
      }
      if (table % 3 === 0) await other.deleteGame(state.gameId);
      else await other.endGame(state.gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
      played += 1;
    }
  };
  const tables = Array.from({ length: 6 }, (_, table) => play(table));
  const found: unknown[] = [];
  let rounds = 0;
  const until = performance.now() + 8_000;
  while (performance.now() < until || rounds < 3) {
    for await (const event of verify(ground, { lookAgainMs: 50, pageGames: 50 })) {
      if (event.kind === "finding") found.push(event.finding);
    }
    rounds += 1;
  }
  isOver = true;
  await Promise.all(tables);
  await Promise.all(managers.map((manager) => manager.close()));
  expect(found).toEqual([]);
  expect(played).toBeGreaterThan(0);
  expect(await findingsIn(ground)).toEqual([]);
  await ground.close();
});
