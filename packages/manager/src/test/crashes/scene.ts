import { setTimeout as delay } from "node:timers/promises";
import { withSteps } from "@turnkeep/conformance";
import { type Counter, type CounterView, counterGame } from "@turnkeep/conformance/counter-game";
import type { Cache, Store } from "@turnkeep/core/ports";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Transaction } from "sequelize";
import { createGameStateManager } from "../../create-manager.js";
import type { GameStateManager } from "../../manager.js";

/** The stores and the game of a scene; passed to the victim as JSON. */
export interface Place {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly schema: string;
  readonly keyPrefix: string;
  readonly gameId: string;
}

/** A process's own manager and stores, and the game of this test. */
export interface Scene {
  readonly gameId: string;
  readonly manager: GameStateManager<Counter, CounterView, Transaction>;
  readonly cache: Cache;
  readonly store: Store<Transaction>;
  /** Resolves once the game's flush is due by Redis's clock. */
  untilDue(): Promise<void>;
  close(): Promise<void>;
}

/** Claims of a killed process are free again after this time. */
const claimHideMs = 100;

/** @param onStep learns of each call that the manager makes to cache and store, before and after */
export async function openScene({ gameId, ...place }: Place, onStep = (_step: string) => {}): Promise<Scene> {
  const cache = withSteps(createRedisCache({ url: place.redisUrl, keyPrefix: place.keyPrefix }), "cache", onStep);
  const store = withSteps(createSqlStore({ url: place.databaseUrl, schema: place.schema }), "store", onStep);
  const settings = { runFlusher: false, flushWithinMs: 10, advanced: { claimHideMs } };
  const manager = createGameStateManager({ game: counterGame, cache, store, ...settings });
  await manager.start();
  return {
    gameId,
    manager,
    cache,
    store,
    async untilDue() {
      while ((await cache.backlog()).oldestOverdueMs === 0) await delay(2);
    },
    close: () => manager.close(),
  };
}
