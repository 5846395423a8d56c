import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { freePort } from "../free-port.js";
import { isAlive } from "../owned-process.mjs";
import { startRedis } from "./start-redis.js";

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null });
  await redis.connect();
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

test("a temporary server answers on loopback alone, and leaves nothing after stop", async () => {
  const server = await startRedis();
  expect(await ask(server.url, (redis) => redis.config("GET", "bind"))).toEqual(["bind", "127.0.0.1"]);
  await server.stop();
  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
  expect(existsSync(server.dataDir)).toBe(false);
});

test("with the append-only file, a stop loses nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "turnkeep-test-"));
  const options = { dataDir: join(folder, "redis"), port: await freePort(), appendonly: true };
  try {
    const first = await startRedis(options);
    await ask(first.url, (redis) => redis.set("kept", "42"));
    await first.stop();
    const second = await startRedis(options);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (redis) => redis.get("kept"))).toBe("42");
    await second.kill();
    expect(isAlive(second.pid)).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a second server on the same files is refused", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "turnkeep-test-"));
  try {
    const first = await startRedis({ dataDir });
    await expect(startRedis({ dataDir, readyTimeoutMs: 100 })).rejects.toThrow(`process ${first.pid}`);
    await first.stop();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test("a given port that is taken is an error", async () => {
  const first = await startRedis();
  await expect(startRedis({ port: first.port })).rejects.toThrow(/Redis did not start/);
  await first.stop();
});

test("further arguments reach the server", async () => {
  const server = await startRedis({ extraArgs: ["--enable-debug-command", "local"] });
  expect(await ask(server.url, (redis) => redis.call("DEBUG", "SLEEP", "0"))).toBe("OK");
  await server.stop();
});
