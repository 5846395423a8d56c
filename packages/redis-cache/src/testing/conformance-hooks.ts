import type { CacheUnderTest } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import { type GameKeys, Keyring } from "../keys.js";
import type { RedisClient } from "../options.js";

type Hooks = Required<Pick<CacheUnderTest, "makeSuspect" | "lifetimeMs" | "dropMark" | "dropCopy">>;

/** What the conformance suite does to games behind the cache's back, done with a plain client. */
export function conformanceHooks(client: () => RedisClient, keyPrefix: string, onCluster: boolean): Hooks {
  const keyring = new Keyring(keyPrefix, onCluster);
  const withKeys = <T>(gameId: GameId, work: (redis: RedisClient, keys: GameKeys) => Promise<T>): Promise<T> =>
    work(client(), keyring.of(gameId));
  return {
    makeSuspect: (gameId) =>
      withKeys(gameId, async (redis, { companion }) => {
        await redis.hset(companion, "stamp", "f".repeat(40));
      }),
    lifetimeMs: (gameId) =>
      withKeys(gameId, async (redis, { state, companion }) => {
        const ms = await redis.pttl(state);
        const [until, companionUntil] = [await redis.pexpiretime(state), await redis.pexpiretime(companion)];
        if (until !== companionUntil) throw new Error("state and companion do not expire together");
        return ms === -1 ? null : ms;
      }),
    dropMark: (gameId) =>
      withKeys(gameId, async (redis, { index }) => {
        await redis.zrem(index, gameId);
      }),
    dropCopy: (gameId) =>
      withKeys(gameId, async (redis, { state }) => {
        await redis.del(state);
      }),
  };
}
