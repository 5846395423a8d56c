import { isTurnkeepError } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import {
  advancedStoreSettings,
  composeStores,
  type Environment,
  readSettings,
  storeSettings,
} from "@turnkeep/service-kit";
import type { Host } from "./host.js";

const { migrateOnStart: _migrates, ...usual } = storeSettings;

/** What commands need that look at the stores. */
export const placeSettings = { usual, advanced: advancedStoreSettings };

export type SqlStore = ReturnType<typeof composeStores>["store"];

/** The stores as they are before they start, and the settings that say where. @throws ConfigError */
export function composePlace(environment: Environment, { runtime }: Pick<Host, "runtime">) {
  const config = { ...readSettings(placeSettings, environment), migrateOnStart: false };
  const logger = { warn: () => undefined };
  return { config, ...composeStores(config, { applicationName: "turnkeep", logger, runtime }) };
}

/** The ports that have started; an error where one has not. */
export interface OpenedStores {
  readonly cache: Cache | Error;
  readonly store: SqlStore | Error;
}

/**
 * Does the work with both stores open, and closes them. Nothing is migrated, and no deployment is claimed.
 * @throws ConfigError; Misconfigured for a store that must be set up otherwise
 */
export async function withStores<Result>(
  environment: Environment,
  host: Pick<Host, "runtime">,
  work: (stores: OpenedStores) => Promise<Result>,
): Promise<Result> {
  const { cache, store } = composePlace(environment, host);
  try {
    const [opened, stored] = await Promise.all([startedOrError(cache), startedOrError(store)]);
    return await work({ cache: opened, store: stored });
  } finally {
    await Promise.allSettled([cache.close(), store.close()]);
  }
}

/** The same for work that needs both. @throws what keeps either of them from starting */
export function withBothStores<Result>(
  environment: Environment,
  host: Pick<Host, "runtime">,
  work: (stores: { readonly cache: Cache; readonly store: SqlStore }) => Promise<Result>,
): Promise<Result> {
  return withStores(environment, host, async ({ cache, store }) => {
    if (cache instanceof Error) throw cache;
    if (store instanceof Error) throw store;
    return work({ cache, store });
  });
}

/** The same for work that needs Postgres alone: it goes on while Redis is away. */
export function withStore<Result>(
  environment: Environment,
  host: Pick<Host, "runtime">,
  work: (store: SqlStore) => Promise<Result>,
): Promise<Result> {
  return withStores(environment, host, async ({ store }) => {
    if (store instanceof Error) throw store;
    return work(store);
  });
}

async function startedOrError<Port extends { start(): Promise<void> }>(port: Port): Promise<Port | Error> {
  try {
    await port.start();
    return port;
  } catch (error) {
    if (!(error instanceof Error) || isTurnkeepError(error, "Misconfigured")) throw error;
    return error;
  }
}
