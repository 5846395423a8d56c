import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Counter, type CounterView, counterGame } from "@turnkeep/conformance/counter-game";
import type { Cache, Store } from "@turnkeep/core/ports";
import { type RunningServer, startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import { Sequelize, type Transaction } from "sequelize";
import { createGameStateManager } from "../../create-manager.js";
import type { GameStateManager } from "../../types.js";

export type Manager = GameStateManager<Counter, CounterView, Transaction>;

/** A Redis that can be wiped and turned back, a Postgres, and managers on them that share nothing else. */
export class Real {
  readonly managers: Manager[] = [];
  readonly #abandoned: Manager[] = [];
  #dump: { readonly key: string; readonly value: Buffer; readonly ttlMs: number }[] = [];
  gameIds: readonly string[] = [];

  private constructor(
    readonly sequelize: Sequelize,
    readonly cache: Cache,
    readonly store: Store<Transaction>,
    private readonly server: RunningServer,
    private readonly redis: Redis,
    private readonly schema: string,
  ) {}

  static async open(managers: number): Promise<Real> {
    const schema = uniqueName("model");
    const server = await startRedis({ extraArgs: ["--enable-debug-command", "local"] });
    const sequelize = new Sequelize(testServers().databaseUrl, { logging: false });
    const store = createSqlStore({ sequelize, schema });
    await store.migrate();
    await store.start();
    const cache = createRedisCache({ url: server.url });
    await cache.start();
    const real = new Real(sequelize, cache, store, server, new Redis(server.url), schema);
    for (let n = 0; n < managers; n++) real.managers.push(await real.#startManager());
    return real;
  }

  newGames(count: number): void {
    this.gameIds = Array.from({ length: count }, () => randomUUID());
    this.#dump = [];
  }

  /** The process is gone, and what it held in memory; another one takes its place. */
  async replaceManager(n: number): Promise<void> {
    const old = this.managers[n];
    if (old !== undefined) this.#abandoned.push(old);
    this.managers[n] = await this.#startManager();
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
    await this.redis.flushall();
    await this.changeHistory();
  }

  /** A failover to a replica that has everything. */
  async changeHistory(): Promise<void> {
    await this.redis.call("DEBUG", "CHANGE-REPL-ID");
  }

  async backUp(): Promise<void> {
    const keys = await this.redis.keys("*");
    this.#dump = await Promise.all(
      keys.map(async (key) => ({
        key,
        value: (await this.redis.dumpBuffer(key)) ?? Buffer.alloc(0),
        ttlMs: Math.max(0, await this.redis.pttl(key)),
      })),
    );
  }

  /** Redis comes back as it was when it was backed up. */
  async rewind(): Promise<void> {
    await this.redis.flushall();
    for (const { key, value, ttlMs } of this.#dump) await this.redis.restore(key, ttlMs, value);
    await this.changeHistory();
  }

  /** The time of all clean copies runs out. */
  async expireClean(): Promise<void> {
    const timed = await this.redis.keys("*");
    for (const key of timed) if ((await this.redis.pttl(key)) > 0) await this.redis.del(key);
  }

  async flushScripts(): Promise<void> {
    await this.redis.script("FLUSH");
  }

  async close(): Promise<void> {
    await Promise.all([...this.managers, ...this.#abandoned].map((manager) => manager.close()));
    await this.cache.close();
    await this.store.close();
    this.redis.disconnect();
    await this.server.stop();
    await this.sequelize.query(`DROP SCHEMA "${this.schema}" CASCADE`);
    await this.sequelize.close();
  }

  async #startManager(): Promise<Manager> {
    const manager = createGameStateManager({
      game: counterGame,
      cache: createRedisCache({ url: this.server.url }),
      store: createSqlStore({ sequelize: this.sequelize, schema: this.schema }),
      runFlusher: false,
      flushWithinMs: 10,
      claimHideMs: 100,
    });
    await manager.start();
    return manager;
  }
}
