import { Redis } from "ioredis";
import pg from "pg";
import { expect, test } from "vitest";
import { testServers, uniqueName } from "./testing.js";

test("the run's Postgres and Redis are real servers that answer", async () => {
  const { databaseUrl, redisUrl } = testServers();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const answer = await client.query("select current_setting('max_connections')::int as n");
    expect(answer.rows[0].n).toBeGreaterThanOrEqual(100);
  } finally {
    await client.end();
  }
  const redis = new Redis(redisUrl);
  try {
    const key = uniqueName("smoke");
    await redis.set(key, "1", "EX", 5);
    expect(await redis.eval("return redis.call('GET', KEYS[1])", 1, key)).toBe("1");
  } finally {
    await redis.quit();
  }
});
