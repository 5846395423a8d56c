import { fixtures } from "@turnkeep/conformance";
import { type GameId, toVersion, type Version } from "@turnkeep/core";
import type { ActiveGame, Cache } from "@turnkeep/core/ports";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { createRedisCache, type RedisCacheOptions } from "../index.js";
import { Keyring } from "../keys.js";

export const { newGameId, rowOf, writeOf, sealOf, madeBy } = fixtures;
export const version = (lineage: string, revision: string): Version => toVersion(lineage, revision);

/** A cache with a key prefix of its own, and a plain client that looks at its keys. */
export interface Bench {
  readonly cache: Cache;
  readonly redis: Redis;
  readonly keyring: Keyring;
  readonly prefix: string;
  readonly url: string;
  /** Puts the row in as the served copy, version 20.5, clean. */
  install(gameId: GameId, changes?: Partial<ActiveGame>): Promise<Version>;
  /** As if the copy had been installed before a failover: it carries another history's epoch. */
  makeUnverified(gameId: GameId): Promise<void>;
  /** `-1` dirty, `-2` absent, else the ms left, for state, header and tail. */
  lifetimes(gameId: GameId): Promise<readonly number[]>;
}

/** For what is not about time: a busy machine may take long to answer. */
export const patient = { commandTimeoutMs: 60_000, connectTimeoutMs: 60_000 };

export async function openBench(url: string, options: RedisCacheOptions = {}): Promise<Bench> {
  const prefix = `${uniqueName("cache")}:`;
  const cache = createRedisCache({ url, keyPrefix: prefix, ...patient, ...options });
  await cache.start();
  const redis = new Redis(url);
  redis.on("error", () => undefined);
  const keyring = new Keyring(prefix, false);
  return {
    cache,
    redis,
    keyring,
    prefix,
    url,
    install: (gameId, changes) => fixtures.install(cache, rowOf(gameId, changes)),
    async makeUnverified(gameId) {
      await redis.hset(keyring.of(gameId).header, "epoch", "f".repeat(40));
    },
    async lifetimes(gameId) {
      const { state, header, tail } = keyring.of(gameId);
      return Promise.all([redis.pttl(state), redis.pttl(header), redis.pttl(tail)]);
    },
  };
}

/** A second cache on the same games, which waits for no more than so long, for the rest of this test. */
export async function hastyCache(bench: Bench, withinMs: number, options: RedisCacheOptions = {}): Promise<Cache> {
  const time = { commandTimeoutMs: withinMs, connectTimeoutMs: withinMs };
  const cache = createRedisCache({ url: bench.url, keyPrefix: bench.prefix, ...time, ...options });
  onTestFinished(() => cache.close());
  // A busy machine may well take longer than that; what a test is about begins when it is there.
  await vi.waitFor(() => cache.start());
  return cache;
}

/** Does this while the server answers no call, and lets it go on. */
export async function whileFrozen<T>(pid: number, work: () => Promise<T>): Promise<T> {
  process.kill(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

export async function closeBench(bench: Bench): Promise<void> {
  await bench.cache.close();
  bench.redis.disconnect();
}

/** One bench for a whole file, on the servers of the test run. */
export function useBench(): () => Bench {
  let bench: Bench | undefined;
  beforeAll(async () => {
    bench = await openBench(testServers().redisUrl);
  });
  afterAll(async () => {
    if (bench) await closeBench(bench);
  });
  return () => {
    if (!bench) throw new Error("the bench is not open yet");
    return bench;
  };
}
