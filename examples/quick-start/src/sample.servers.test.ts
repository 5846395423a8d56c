import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import pg from "pg";
import { expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the README's sample is this file", () => {
  const readme = readFileSync(here("../../../README.md"), "utf8");
  const sample = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(sample).toBe(readFileSync(here("sample.ts"), "utf8"));
});

test("the samples of docs/getting-started.md are these files", () => {
  const page = readFileSync(here("../../../docs/getting-started.md"), "utf8");
  const samples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, sample]) => sample);
  expect(samples).toEqual(["nim.ts", "sample.ts"].map((file) => readFileSync(here(file), "utf8")));
});

test("the README's sample runs and ends its game", async () => {
  const { databaseUrl } = testServers();
  // The sample has the default key prefix, so its Redis is its own.
  const redis = await startRedis();
  const schema = uniqueName("sample");
  const env = { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redis.url, DATABASE_SCHEMA: schema };
  const tsx = ["--import", "tsx", "--conditions=@turnkeep/source", here("sample.ts")];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, tsx, { env, cwd: here("../../..") });
    expect(stdout).toBe("live games: 0\n");
  } finally {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await client.end();
    await redis.stop();
  }
});
