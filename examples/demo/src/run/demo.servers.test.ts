import { patienceMs } from "@turnkeep/dev-services";
import { testServers } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { expect, test } from "vitest";
import { readDemoOptions } from "../options.js";
import { runDemo } from "./demo.js";
import { Progress } from "./progress.js";

test("a short demo from the sources: matches played through a kill, and all claims hold", async () => {
  const options = readDemoOptions(["--matches", "3", "--kills", "1", "--seed", "11"]);
  const said: string[] = [];
  const progress = new Progress({ write: (text) => said.push(text) });
  const result = await runDemo(options, testServers(), progress, AbortSignal.timeout(3 * patienceMs));
  progress.end();
  expect(result.findings.flatMap(({ failures }) => failures)).toEqual([]);
  expect(result.findings.every(({ ok }) => ok)).toBe(true);
  expect(said.join("")).toContain("killed the server (1 of 1)");
  expect(await remains()).toEqual({ schemas: [], keys: [] });
});

/** What the demo has left on servers that are not its own. */
async function remains() {
  const { databaseUrl, redisUrl } = testServers();
  const redis = new Redis(redisUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const schemas = await client.query(String.raw`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'demo\_%'`);
    return { schemas: schemas.rows, keys: await redis.keys("*demo_*") };
  } finally {
    await client.end();
    redis.disconnect();
  }
}
