import type { Cache } from "@turnkeep/core/ports";
import type { GameState } from "@turnkeep/game-state";
import type { GameStateManager } from "@turnkeep/manager";
import type { Environment } from "@turnkeep/service-kit";
import { composeManager } from "../compose-daemon.js";
import { readConfig } from "../config.js";
import type { Host } from "./host.js";
import type { SqlStore } from "./open-stores.js";

/** What commands work with that change games. */
export interface ManagedStores {
  readonly manager: GameStateManager<GameState>;
  readonly cache: Cache;
  readonly store: SqlStore;
}

/**
 * Does the work with a manager, and closes it. It claims the keys for its deployment, as every program does that writes;
 * it flushes nothing by itself, and migrates nothing.
 * @throws ConfigError; Misconfigured for a store that must be set up otherwise; StoreUnavailable, CacheUnavailable
 */
export async function withManager<Result>(
  environment: Environment,
  { runtime }: Pick<Host, "runtime">,
  work: (stores: ManagedStores) => Promise<Result>,
): Promise<Result> {
  const config = { ...readConfig(environment), migrateOnStart: false };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const stores = composeManager(config, silent, runtime);
  try {
    await stores.manager.start();
    return await work(stores as ManagedStores);
  } finally {
    await stores.manager.close();
  }
}
