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
      withKeys(gameId, async (redis, { metadata }) => {
        await redis.hset(metadata, "epoch", "f".repeat(40));
      }),
    lifetimeMs: (gameId) =>
      withKeys(gameId, async (redis, { state, metadata }) => {
        const ms = await redis.pttl(state);
        const [until, metadataUntil] = [await redis.pexpiretime(state), await redis.pexpiretime(metadata)];
        // Redis 7.0 looks at its clock for each command of a script, so the millisecond may change in between.
        if (metadataUntil - until > 1 || metadataUntil < until)
          throw new Error("state and metadata do not expire together");
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
