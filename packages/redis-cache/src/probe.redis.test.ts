import { readdirSync, readFileSync } from "node:fs";
import { fixtures } from "@turnkeep/conformance";
import { type RunningServer, startRedis, startRedisCluster } from "@turnkeep/dev-services";
import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createRedisCache, type RedisCacheOptions } from "./index.js";
import { madeBy, newGameId, patient, rowOf, sealOf, writeOf } from "./testing/fixtures.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
/** What the README says that a user needs. */
const rights = /^ACL SETUSER turnkeep on >secret (.+)$/m.exec(readme)?.[1]?.split(" ") ?? [];

let server: RunningServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin?.disconnect();
  await server?.stop();
});

/** A cache whose user has these rights and no others, in a Redis that holds nothing else. */
async function cacheOfUser(granted: readonly string[], options: RedisCacheOptions = {}) {
  await admin.call("ACL", "DELUSER", "turnkeep");
  await admin.call("ACL", "SETUSER", "turnkeep", "on", ">secret", ...granted);
  const cache = createRedisCache({ url: server.url.replace("//", "//turnkeep:secret@"), ...patient, ...options });
  onTestFinished(() => cache.close());
  return cache;
}

test("the rights that the README lists are enough for the whole life of a game", async () => {
  const onWarning = vi.fn();
  const cache = await cacheOfUser(rights, { onWarning });
  await cache.start();
  expect(cache.detectsFailover).toBe(true);
  await cache.ping();
  await cache.identity();
  const id = newGameId();
  const heard: string[] = [];
  const stop = await cache.subscribe(
    id,
    (change) => heard.push(change),
    () => undefined,
  );
  const at = await fixtures.install(cache, rowOf(id));
  const written = madeBy(await cache.write(id, writeOf(at)));
  await cache.adopt(id, "20", "21");
  expect((await cache.reindex([id])).marked).toEqual([]);
  expect(await cache.inspect([id], { states: true })).toMatchObject([{ gameId: id, dirty: true }]);
  const claimed = await cache.claim({ limit: 1, hideMs: 1_000, dueWithinMs: 60_000 });
  expect(claimed.copies).toMatchObject([{ gameId: id }]);
  expect(await cache.backlog()).toMatchObject({ games: 1 });
  const sealed = madeBy(await cache.seal(id, sealOf(written)));
  await cache.claimGame(id);
  expect(await cache.ack(id, sealed, 7)).toBe("ok");
  expect(await cache.exists(id)).toBe(true);
  expect((await cache.scan({ cursor: null, limit: 10 })).gameIds).toEqual([id]);
  await cache.evict(id);
  await vi.waitFor(() => expect(heard).toEqual([written, sealed, "gone"]));
  stop();
  await cache.now();
  await cache.close();
  expect(await admin.keys("*")).toEqual(["deployment:{0}:identity"]);
});

const needed = rights.filter((right) => /^[~&+]/.test(right) && !/^\+(client\|setname|quit|unsubscribe)$/.test(right));
test.each(needed)("a user without %s is refused at start, and by that name", async (right) => {
  const cache = await cacheOfUser(rights.filter((other) => other !== right));
  const error = await cache.start().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "Misconfigured" });
  const named = String((error as Error).message)
    .split("grant ")[1]
    ?.split(" ");
  expect(named).toEqual([right]);
});

test("a channel that is missing is named before any write, also with a key prefix", async () => {
  await admin.flushdb();
  const cache = await cacheOfUser(["~*", "+@all"], { keyPrefix: "shop-" });
  await expect(cache.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/ grant &\{shop-game:\*\}:w$/),
  });
  expect(await admin.dbsize()).toBe(0);
});

test("a right that is taken away later is noticed by ping, and a write says that Redis refuses it", async () => {
  const cache = await cacheOfUser(rights);
  await cache.start();
  const id = newGameId();
  const at = await fixtures.install(cache, rowOf(id));
  await admin.call("ACL", "SETUSER", "turnkeep", "-publish");
  await expect(cache.ping()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/\+publish$/),
  });
  await expect(cache.write(id, writeOf(at))).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "unknown", reason: "refused" },
  });
  await admin.flushdb();
});

test("a read-only replica is refused at start", async () => {
  const replica = await startRedis({ extraArgs: ["--replicaof", "127.0.0.1", String(server.port)] });
  onTestFinished(() => replica.stop());
  const cache = createRedisCache({ url: replica.url, ...patient });
  onTestFinished(() => cache.close());
  await expect(cache.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/replica/),
  });
});

test("a Redis that is full, or cannot write to its disk, fails the ping", async () => {
  const own = await startRedis();
  onTestFinished(() => own.stop());
  const redis = new Redis(own.url);
  onTestFinished(() => redis.disconnect());
  const cache = createRedisCache({ url: own.url, ...patient });
  onTestFinished(() => cache.close());
  await cache.start();
  await redis.config("SET", "maxmemory", "1");
  await expect(cache.ping()).rejects.toMatchObject({ code: "CacheUnavailable", details: { reason: "refused" } });
  await redis.config("SET", "maxmemory", "0");
  await cache.ping();
});

test("on a Cluster every master is tried", async () => {
  const cluster = await startRedisCluster();
  onTestFinished(() => cluster.stop());
  const client = new Cluster([...cluster.nodes], { lazyConnect: true, redisOptions: { username: "u", password: "p" } });
  onTestFinished(() => client.disconnect());
  const last = cluster.nodes.at(-1);
  for (const { host, port } of cluster.nodes) {
    const node = new Redis(port, host);
    const channels = port === last?.port ? [] : ["&*"];
    await node.call("ACL", "SETUSER", "u", "on", ">p", "~*", "resetchannels", ...channels, "+@all");
    node.disconnect();
  }
  const cache = createRedisCache({ client, ...patient });
  onTestFinished(() => cache.close());
  await expect(cache.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/grant &\{game:\*\}:w$/),
  });
});

test("the probe tries every command of every script", () => {
  const folder = new URL("./scripts/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".lua"));
  const used = new Set<string>();
  for (const file of sources) {
    for (const [, command = ""] of readFileSync(new URL(file, folder), "utf8").matchAll(/redis\.p?call\(\s*'(\w+)'/g)) {
      used.add(command);
    }
  }
  const probe = readFileSync(new URL("probe.lua", folder), "utf8");
  const tried = new Set([...probe.matchAll(/try\('(\w+)'/g)].map(([, command]) => command));
  expect([...used].filter((command) => !tried.has(command))).toEqual(["INFO"]);
});
