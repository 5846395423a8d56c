import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Cache, Store } from "@turnkeep/core/ports";
import { type RunningServer, startRedis } from "@turnkeep/dev-services";
import { createRedisCache } from "@turnkeep/redis-cache";
import type { Sequelize, Transaction } from "sequelize";
import { openRealWorld, type RealServer, type RealWorld } from "../support/real-world.js";

export type Manager = RealServer["manager"];

interface DumpedKey {
  readonly key: string;
  readonly value: Buffer;
  readonly ttlMs: number;
}

/** A Redis that can be wiped and turned back, a Postgres, and managers on them that share nothing else. */
export class Real {
  readonly managers: Manager[] = [];
  gameIds: readonly string[] = [];
  readonly cache: Cache;
  readonly #redisServer: RunningServer;
  readonly #world: RealWorld;
  #dump: readonly DumpedKey[] = [];

  /** @see Real.open */
  constructor(redisServer: RunningServer, world: RealWorld) {
    this.#redisServer = redisServer;
    this.#world = world;
    this.cache = createRedisCache({ url: redisServer.url, keyPrefix: world.keyPrefix });
  }

  static async open(managers: number): Promise<Real> {
    const server = await startRedis({ extraArgs: ["--enable-debug-command", "local"] });
    const real = new Real(server, await openRealWorld(server.url));
    await real.cache.start();
    for (let n = 0; n < managers; n++) await real.replaceManager(n);
    return real;
  }

  get sequelize(): Sequelize {
    return this.#world.sequelize;
  }

  get store(): Store<Transaction> {
    return this.#world.store;
  }

  newGames(count: number): void {
    this.gameIds = Array.from({ length: count }, () => randomUUID());
    this.#dump = [];
  }

  /** The process is gone, and what it held in memory; another one replaces it. */
  async replaceManager(n: number): Promise<void> {
    const { manager } = await this.#world.server({ flushWithinMs: 10, claimHideMs: 100 });
    this.managers[n] = manager;
  }

  /** Resolves once all that is dirty is due, and flushes it. */
  async flushAll(manager: Manager): Promise<void> {
    while ((await this.cache.backlog()).games > 0) {
      await manager.flushDue();
      await delay(2);
    }
  }

  /** Redis comes back empty. */
  async wipe(): Promise<void> {
    await this.#world.redis.flushall();
    await this.changeHistory();
  }

  /** A failover to a replica that has everything. */
  async changeHistory(): Promise<void> {
    await this.#world.redis.call("DEBUG", "CHANGE-REPL-ID");
  }

  async backUp(): Promise<void> {
    const { redis } = this.#world;
    this.#dump = await Promise.all(
      (await redis.keys("*")).map(async (key) => ({
        key,
        value: (await redis.dumpBuffer(key)) ?? Buffer.alloc(0),
        ttlMs: Math.max(0, await redis.pttl(key)),
      })),
    );
  }

  /** Redis comes back as it was when it was backed up. */
  async rewind(): Promise<void> {
    const { redis } = this.#world;
    await redis.flushall();
    for (const { key, value, ttlMs } of this.#dump) await redis.restore(key, ttlMs, value);
    await this.changeHistory();
  }

  /** The time to live of all clean copies runs out. */
  async expireClean(): Promise<void> {
    const { redis } = this.#world;
    for (const key of await redis.keys("*")) if ((await redis.pttl(key)) > 0) await redis.del(key);
  }

  async flushScripts(): Promise<void> {
    await this.#world.redis.script("FLUSH");
  }

  async close(): Promise<void> {
    await this.cache.close();
    await this.#world.close();
    await this.#redisServer.stop();
  }
}
