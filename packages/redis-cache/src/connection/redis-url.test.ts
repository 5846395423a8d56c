import { describe, expect, test } from "vitest";
import { parseRedisUrl } from "./redis-url.js";

describe("a URL of Redis", () => {
  test("names one server", () => {
    const url = "rediss://user:secret@cache.example:6380/2";
    expect(parseRedisUrl(url)).toEqual({ kind: "single", url });
  });

  test("names Sentinels and their master", () => {
    expect(parseRedisUrl("redis-sentinel://:p%40ss@one,two:26380,[::1]:26381/games")).toEqual({
      kind: "sentinel",
      name: "games",
      nodes: [
        { host: "one", port: 26_379 },
        { host: "two", port: 26_380 },
        { host: "::1", port: 26_381 },
      ],
      password: "p@ss",
      tls: false,
    });
  });

  test("names nodes of a Cluster", () => {
    expect(parseRedisUrl("rediss-cluster://user:secret@one:7000,two")).toEqual({
      kind: "cluster",
      nodes: [
        { host: "one", port: 7_000 },
        { host: "two", port: 6_379 },
      ],
      username: "user",
      password: "secret",
      tls: true,
    });
  });

  test.each([
    "http://localhost",
    "redis://",
    "redis-sentinel://one,two",
    "redis-sentinel://one/",
    "redis-cluster://one/0",
    "redis-cluster://one,,two",
    "redis-cluster://one:99999",
    "redis-cluster://one:no",
    "redis-cluster://",
    "",
  ])("is not %j", (url) => {
    expect(parseRedisUrl(url)).toBeNull();
  });
});
