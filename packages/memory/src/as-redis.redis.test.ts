import { randomUUID } from "node:crypto";
import type { GameId } from "@turnkeep/core";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCacheSpace, createMemoryCache } from "./index.js";
import { type CacheSide, type CacheStep, cacheSteps, fill, look, take } from "./testing/cache-steps.js";

const keyPrefix = `${uniqueName("as_redis")}:`;
const space = createCacheSpace();
let redis: Redis;
let memorySide: CacheSide;
let redisSide: CacheSide;

beforeAll(async () => {
  const { redisUrl } = testServers();
  redis = new Redis(redisUrl);
  memorySide = {
    cache: createMemoryCache({ space }),
    makeUnverified: async (gameId) => space.makeUnverified(gameId),
    dropMark: async (gameId) => void space.dueAt.delete(gameId),
  };
  redisSide = {
    cache: createRedisCache({ url: redisUrl, keyPrefix }),
    makeUnverified: async (gameId) => {
      const header = `{${keyPrefix}game:${gameId}}:m`;
      if ((await redis.hexists(header, "epoch")) === 1) await redis.hset(header, "epoch", "f".repeat(40));
    },
    dropMark: async (gameId) => void (await redis.zrem(`${keyPrefix}dirty:{0}`, gameId)),
  };
  await Promise.all([memorySide.cache.start(), redisSide.cache.start()]);
});
afterAll(async () => {
  await Promise.all([memorySide.cache.close(), redisSide.cache.close()]);
  redis.disconnect();
});

/** All that a cache answered to these steps, and what it held in the end; nothing is left behind. */
async function answers(side: CacheSide, steps: readonly CacheStep[], games: readonly [GameId, GameId]) {
  const replies: unknown[] = [];
  await fill(side, games);
  for (const step of steps) replies.push([step.operation, await take(side, step, games)]);
  const end = await look(side, games);
  for (const gameId of games) await side.cache.evict(gameId);
  return { replies, end };
}

test("answers every sequence of calls as Redis does", async () => {
  await fc.assert(
    fc.asyncProperty(cacheSteps, async (steps) => {
      const games = [randomUUID(), randomUUID()] as const;
      expect(await answers(memorySide, steps, games)).toEqual(await answers(redisSide, steps, games));
    }),
    { numRuns: 150 },
  );
});
