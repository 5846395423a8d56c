import { ownTimeOf, type RunningServer, startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Cluster, Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createRedisCache, type RedisCacheOptions } from "../index.js";
import { newGameId, patient } from "../testing/fixtures.js";

async function ownServer(extraArgs: readonly string[] = []): Promise<RunningServer> {
  const server = await startRedis({ extraArgs });
  onTestFinished(() => server.stop());
  return server;
}

function cacheOf(options: RedisCacheOptions) {
  const cache = createRedisCache({ ...patient, ...options });
  onTestFinished(() => cache.close());
  return cache;
}

async function connectionsTo(redis: Redis): Promise<number> {
  return String(await redis.client("LIST"))
    .split("\n")
    .filter((line) => line.includes("name=turnkeep:")).length;
}

describe("start() and close()", () => {
  test("check a good Redis, may be called twice, and leave no connection behind", async () => {
    const server = await ownServer();
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    const cache = cacheOf({ url: server.url });
    await Promise.all([cache.start(), cache.start()]);
    await cache.start();
    expect(cache.detectsFailover).toBe(true);
    await cache.ping();
    expect(await connectionsTo(redis)).toBe(3);
    expect(await redis.dbsize()).toBe(0);
    await cache.close();
    await cache.close();
    await vi.waitFor(async () => expect(await connectionsTo(redis)).toBe(0));
    await expect(cache.read(newGameId())).rejects.toMatchObject({ code: "NotRunning" });
    await cache.start();
    await cache.ping();
  });

  test("take from a given client only how to connect, and leave it open", async () => {
    const client = new Redis(testServers().redisUrl, { lazyConnect: true, autoResendUnfulfilledCommands: true });
    onTestFinished(() => client.disconnect());
    const cache = cacheOf({ client, keyPrefix: uniqueName("start") });
    await cache.start();
    await cache.ping();
    expect(client.status).toBe("wait");
    await cache.close();
    expect(await client.ping()).toBe("PONG");
  });

  test.each(["allkeys-lru", "allkeys-random"])("refuse a Redis that may evict unsaved games: %s", async (policy) => {
    const server = await ownServer(["--maxmemory-policy", policy]);
    await expect(cacheOf({ url: server.url }).start()).rejects.toMatchObject({
      code: "Misconfigured",
      message: expect.stringMatching(new RegExp(`${policy}.*noeviction`)),
    });
  });

  test("accept one that evicts only what has a lifetime", async () => {
    const server = await ownServer(["--maxmemory-policy", "volatile-lru"]);
    await expect(cacheOf({ url: server.url }).start()).resolves.toBeUndefined();
  });

  test("warn of an eviction policy that is changed while it runs, once, and again after it was right", async () => {
    const server = await ownServer();
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    const onWarning = vi.fn();
    await cacheOf({ url: server.url, onWarning, advanced: { heartbeatMs: 50 } }).start();
    const warnings = () => onWarning.mock.calls.filter(([message]) => /allkeys-lru/.test(String(message))).length;
    for (const expected of [1, 2]) {
      await admin.config("SET", "maxmemory-policy", "allkeys-lru");
      await vi.waitFor(() => expect(warnings()).toBe(expected));
      await admin.config("SET", "maxmemory-policy", "noeviction");
      const seen = Number(/cmdstat_info:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1]);
      // Three more looks have seen that it is right again.
      await vi.waitFor(async () => {
        const now = Number(/cmdstat_info:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1]);
        expect(now - seen).toBeGreaterThan(20);
      });
    }
    expect(warnings()).toBe(2);
  });

  test("warn once at start of a Redis that loses all when it restarts", async () => {
    for (const [args, expected] of [
      [[], 1],
      [["--appendonly", "yes"], 0],
    ] as const) {
      const onWarning = vi.fn();
      await cacheOf({ url: (await ownServer(args)).url, onWarning }).start();
      expect(onWarning.mock.calls.filter(([message]) => /append-only/.test(String(message)))).toHaveLength(expected);
    }
  });

  test("say so if scripts cannot read which history is served", async () => {
    const server = await ownServer();
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    const rules = ["on", ">pw", "~*", "&*", "+@all", "-info", "+info|server", "+info|memory", "+info|cluster"];
    await admin.call("ACL", "SETUSER", "proxied", ...rules);
    const onWarning = vi.fn();
    const cache = cacheOf({ url: server.url.replace("redis://", "redis://proxied:pw@"), onWarning });
    await cache.start();
    expect(cache.detectsFailover).toBe(false);
    expect(onWarning).toHaveBeenCalledWith(expect.stringMatching(/durable/));
    const id = newGameId();
    expect(await cache.read(id, { token: "load" })).toEqual({ kind: "miss" });
  });

  test("say what is wrong with the password", async () => {
    const server = await ownServer();
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    await admin.config("SET", "requirepass", "right");
    const wrong = cacheOf({ url: server.url.replace("redis://", "redis://:wrong@") });
    await expect(wrong.start()).rejects.toMatchObject({
      code: "Misconfigured",
      message: expect.not.stringMatching(/wrong/),
    });
    await expect(cacheOf({ url: server.url.replace("redis://", "redis://:right@") }).start()).resolves.toBeUndefined();
  });

  test("distinguish a Cluster from a single Redis", async () => {
    const node = await ownServer(["--cluster-enabled", "yes", "--cluster-port", "0"]).catch(() => undefined);
    if (node === undefined) throw new Error("a Redis in Cluster mode did not start");
    await expect(cacheOf({ url: node.url }).start()).rejects.toMatchObject({
      code: "Misconfigured",
      message: expect.stringMatching(/Cluster client/),
    });
    const single = await ownServer();
    const client = new Cluster([single.url], { lazyConnect: true });
    await expect(cacheOf({ client, connectTimeoutMs: 1_000 }).start()).rejects.toMatchObject({
      code: "CacheUnavailable",
    });
  });

  test("fail in time where nothing answers, and can be tried again", async () => {
    const server = await ownServer();
    await server.kill();
    const cache = cacheOf({ url: server.url, connectTimeoutMs: 1_000 });
    const ms = await ownTimeOf(() =>
      expect(cache.start()).rejects.toMatchObject({ code: "CacheUnavailable", details: { fate: "notDone" } }),
    );
    expect(ms).toBeLessThan(3_000);
    const again = await startRedis({ port: server.port });
    onTestFinished(() => again.stop());
    await vi.waitFor(() => cache.start());
    await cache.ping();
  });
});
