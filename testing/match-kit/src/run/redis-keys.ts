import type { Redis } from "ioredis";

/** Every key of games under the prefix, and the index of unflushed games, sorted. An index that is empty is no key. */
export async function gameKeys(redis: Redis, keyPrefix: string): Promise<readonly string[]> {
  return matching(redis, [`${keyPrefix}game:*`, `{${keyPrefix}game:*`, `${keyPrefix}dirty:*`]);
}

/** All that is under the prefix: games, and whose they are. */
export async function ownKeys(redis: Redis, keyPrefix: string): Promise<readonly string[]> {
  return [...(await gameKeys(redis, keyPrefix)), ...(await matching(redis, [`${keyPrefix}deployment:*`]))];
}

export async function dirtyKeys(redis: Redis, keyPrefix: string): Promise<readonly string[]> {
  return matching(redis, [`${keyPrefix}dirty:*`]);
}

async function matching(redis: Redis, patterns: readonly string[]): Promise<readonly string[]> {
  const keys = new Set<string>();
  for (const pattern of patterns) {
    let cursor = "0";
    do {
      const [next, page] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 1_000);
      for (const key of page) keys.add(key);
      cursor = next;
    } while (cursor !== "0");
  }
  return [...keys].sort();
}
