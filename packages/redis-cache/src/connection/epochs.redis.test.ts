import { rmSync } from "node:fs";
import { fixtures } from "@turnkeep/conformance";
import { type RedisOptions, type RunningServer, startRedis, temporaryFolder } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { createRedisCache } from "../index.js";
import { patient, rowOf, version, writeOf } from "../testing/fixtures.js";

async function ownServer(options: RedisOptions): Promise<RunningServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

function clientOf({ url }: RunningServer): Redis {
  const redis = new Redis(url);
  redis.on("error", () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function startedCache({ url }: RunningServer) {
  const cache = createRedisCache({ url, ...patient });
  onTestFinished(() => cache.close());
  await cache.start();
  return cache;
}

async function replication(redis: Redis, field: string): Promise<string | undefined> {
  return new RegExp(`${field}:(\\w+)`).exec(await redis.info("replication"))?.[1];
}

test("a master that has had no replica for its backlog's time takes a new epoch: every copy is kept, and compared once", async () => {
  const master = await ownServer({ extraArgs: ["--repl-backlog-ttl", "1", "--repl-diskless-sync-delay", "0"] });
  const redis = clientOf(master);
  const cache = await startedCache(master);
  const replica = await startRedis({ extraArgs: ["--replicaof", "127.0.0.1", String(new URL(master.url).port)] });
  await vi.waitFor(async () => expect(await replication(redis, "connected_slaves")).toBe("1"), { timeout: 30_000 });
  const { gameId, at } = await fixtures.dirtyGame(cache);
  const epoch = await replication(redis, "master_replid");
  await replica.stop();
  expect(await cache.read(gameId, { known: at })).toEqual({ kind: "same" });
  await vi.waitFor(async () => expect(await replication(redis, "master_replid")).not.toBe(epoch), { timeout: 30_000 });
  expect(await cache.read(gameId, { known: at, token: "load" })).toEqual({ kind: "unverified" });
  expect(await cache.install(gameId, "load", rowOf(gameId, { fence: "30" }))).toMatchObject({
    kind: "ok",
    keptUnverified: true,
  });
  expect(await cache.claimGame(gameId, { onlyDirty: true })).toMatchObject({ version: version("30", "6") });
});

/** What a Redis holds, as a snapshot of its machine with its memory has it; returns how it comes back. */
async function memoryOf(redis: Redis): Promise<() => Promise<void>> {
  const image = await Promise.all(
    (await redis.keys("*")).map(async (key) => ({
      key,
      ttl: await redis.pttl(key),
      dump: await redis.dumpBuffer(key),
    })),
  );
  return async () => {
    for (const { key, ttl, dump } of image) await redis.restore(key, Math.max(0, ttl), dump, "REPLACE");
  };
}

test("a Redis whose memory is put back keeps its epoch and serves what it held then, until it restarts", async () => {
  const dataDir = temporaryFolder("redis");
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await startRedis({ dataDir });
  const redis = clientOf(server);
  const cache = await startedCache(server);
  const { gameId, at } = await fixtures.cleanGame(cache);
  const putBack = await memoryOf(redis);
  await cache.write(gameId, writeOf(at));
  await putBack();
  expect(await cache.read(gameId)).toMatchObject({ kind: "hit", copy: { version: at } });
  await redis.save();
  await server.stop();
  await ownServer({ dataDir, port: Number(new URL(server.url).port) });
  await vi.waitFor(async () => expect(await cache.read(gameId)).toEqual({ kind: "unverified" }), { timeout: 30_000 });
});
