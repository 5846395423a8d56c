import { cacheConformance } from "@turnkeep/conformance";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import type { GameId } from "@turnkeep/game-state/core";
import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { createRedisCache } from "./index.js";
import { type GameKeys, Keyring } from "./keys.js";

const keyPrefix = `${uniqueName("conformance")}:`;
const keyring = new Keyring(keyPrefix, false);

let redis: Redis | undefined;
beforeAll(() => {
  redis = new Redis(testServers().redisUrl);
});
afterAll(() => redis?.disconnect());

/** A plain client that does to a game's keys what a test asks for. */
async function withKeys<T>(gameId: GameId, work: (client: Redis, keys: GameKeys) => Promise<T>): Promise<T> {
  if (redis === undefined) throw new Error("the plain client is not open yet");
  return work(redis, keyring.of(gameId));
}

cacheConformance({
  name: "redis",
  createCache: () => createRedisCache({ url: testServers().redisUrl, keyPrefix }),
  makeSuspect: (gameId) =>
    withKeys(gameId, async (client, { companion }) => {
      await client.hset(companion, "stamp", "f".repeat(40));
    }),
  lifetimeMs: (gameId) =>
    withKeys(gameId, async (client, { state, companion }) => {
      const [ms, companionMs] = await Promise.all([client.pttl(state), client.pttl(companion)]);
      if (Math.abs(ms - companionMs) > 1_000) throw new Error("state and companion do not expire together");
      return ms === -1 ? null : ms;
    }),
  dropMark: (gameId) =>
    withKeys(gameId, async (client, { index }) => {
      await client.zrem(index, gameId);
    }),
  dropCopy: (gameId) =>
    withKeys(gameId, async (client, { state }) => {
      await client.del(state);
    }),
});
