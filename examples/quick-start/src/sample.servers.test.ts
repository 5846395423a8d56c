import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import pg from "pg";
import { expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the README's sample is this file", () => {
  const readme = readFileSync(here("../../../README.md"), "utf8");
  const sample = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(sample).toBe(readFileSync(here("sample.ts"), "utf8"));
});

test("the README's sample runs and ends its game", async () => {
  const { databaseUrl, redisUrl } = testServers();
  const schema = uniqueName("sample");
  const env = { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATABASE_SCHEMA: schema };
  const tsx = ["--import", "tsx", "--conditions=@turnkeep/source", here("sample.ts")];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, tsx, { env, cwd: here("../../..") });
    expect(stdout).toBe("live games: 0\n");
  } finally {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await client.end();
  }
});
