import type { Redis } from "ioredis";

/** Every key of games and of the index of unflushed games under the prefix, sorted. */
export async function gameKeys(redis: Redis, keyPrefix: string): Promise<readonly string[]> {
  const keys = new Set<string>();
  const patterns = [`${keyPrefix}game:*`, `{${keyPrefix}game:*`, `${keyPrefix}dirty:*`];
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
