import { systemRuntime } from "@turnkeep/core";
import { Cluster, Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { createRedisCache } from "./index.js";
import { parseOptions } from "./options.js";

const url = "redis://localhost:6379";

describe("the options of a Redis cache", () => {
  test("have defaults, and are frozen", () => {
    const settings = parseOptions({ url });
    expect(settings).toEqual({
      url,
      keyPrefix: "",
      ttlMs: 86_400_000,
      commandTimeoutMs: 2_000,
      connectTimeoutMs: 5_000,
      runtime: systemRuntime,
      advanced: { tokenTtlMs: 60_000, heartbeatMs: 10_000, discoverPartsEveryMs: 2_000 },
    });
    expect([settings, settings.advanced].map(Object.isFrozen)).toEqual([true, true]);
  });

  test.each([
    ["neither url nor client", {}],
    ["both", { url, client: new Redis({ lazyConnect: true }) }],
    ["a url of another kind", { url: "http://localhost" }],
    ["braces in the prefix", { url, keyPrefix: "a{b}" }],
    ["control characters in the prefix", { url, keyPrefix: "a\nb" }],
    ["something that is no client", { client: {} }],
    ["an option that does not exist", { url, ttl: 5 }],
    ["a time of nothing", { url, ttlMs: 0 }],
    ["an advanced option that does not exist", { url, advanced: { ttl: 5 } }],
    ["something that is no runtime", { url, runtime: 5 }],
  ])("refuse %s, without repeating values", (_, options) => {
    const secret = { ...options, keyPrefix: "keyPrefix" in options ? options.keyPrefix : "s3cret" };
    const make = () => createRedisCache(secret as Parameters<typeof createRedisCache>[0]);
    expect(make).toThrow(expect.objectContaining({ code: "InvalidInput" }));
    expect(make).not.toThrow(/s3cret/);
  });

  test("refuse a client with a key prefix of its own", () => {
    const prefixed = new Redis({ lazyConnect: true, keyPrefix: "x:" });
    const misconfigured = expect.objectContaining({ code: "Misconfigured" });
    expect(() => createRedisCache({ client: prefixed })).toThrow(misconfigured);
    const nodes = [{ host: "localhost", port: 1 }];
    const cluster = new Cluster(nodes, { lazyConnect: true, keyPrefix: "x:" });
    expect(() => createRedisCache({ client: cluster })).toThrow(misconfigured);
  });

  test("connect nothing", async () => {
    const client = new Redis({ lazyConnect: true });
    const cache = createRedisCache({ client });
    expect(client.status).toBe("wait");
    expect(cache.detectsFailover).toBe(false);
    await expect(cache.ping()).rejects.toMatchObject({ code: "NotRunning" });
    await cache.close();
    expect(client.status).toBe("wait");
  });
});
