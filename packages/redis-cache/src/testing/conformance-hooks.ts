import type { CacheUnderTest } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import type { RedisClient } from "../connection/client.js";
import { type GameKeys, Keyring } from "../keys.js";

type Hooks = Required<Pick<CacheUnderTest, "makeUnverified" | "lifetimeMs" | "dropMark" | "dropCopy">>;

/** What the conformance suite does to games behind the cache's back, done with a plain client. */
export function conformanceHooks(client: () => RedisClient, keyPrefix: string, onCluster: boolean): Hooks {
  const keyring = new Keyring(keyPrefix, onCluster);
  const withKeys = <T>(gameId: GameId, work: (redis: RedisClient, keys: GameKeys) => Promise<T>): Promise<T> =>
    work(client(), keyring.of(gameId));
  return {
    makeUnverified: (gameId) =>
      withKeys(gameId, async (redis, { header }) => {
        await redis.hset(header, "epoch", "f".repeat(40));
      }),
    lifetimeMs: (gameId) =>
      withKeys(gameId, async (redis, { state, header }) => {
        const ms = await redis.pttl(state);
        const [until, headerUntil] = [await redis.pexpiretime(state), await redis.pexpiretime(header)];
        // Redis 7.0 looks at its clock for each command of a script, so the millisecond may change in between.
        if (headerUntil - until > 1 || headerUntil < until) throw new Error("state and header do not expire together");
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
