import { type GameId, type PlayerId, TurnkeepError } from "@turnkeep/core";
import {
  bindOperations,
  type Deployment,
  type OwnTransactionOptions,
  type Store,
  type StoredReplay,
  type StoreLifecycle,
} from "@turnkeep/core/ports";
import type { Sequelize, Transaction } from "sequelize";
import { runAfterCommit } from "./connection/after-commit.js";
import { rootOf } from "./connection/caller-transaction.js";
import { Database } from "./connection/database.js";
import type { PoolUse } from "./connection/lanes.js";
import { clientConfig, openPool, openSequelize } from "./connection/pool.js";
import { checkPooler, checkStart } from "./connection/start-checks.js";
import { archive } from "./operations/end/archive.js";
import { archiveIncomplete, importHistory } from "./operations/end/archive-incomplete.js";
import { canStore } from "./operations/flush/can-store.js";
import { flush } from "./operations/flush/flush.js";
import { create, recreate } from "./operations/game/create.js";
import { overwrite } from "./operations/game/overwrite.js";
import { quarantine, readQuarantined, release } from "./operations/game/quarantine.js";
import { lock, read } from "./operations/game/read.js";
import {
  purgeHistory,
  purgeTombstones,
  quarantinedOf,
  type Renaming,
  remove,
  renameInGame,
  renameInGone,
} from "./operations/game/remove.js";
import { setMetadata } from "./operations/game/set-metadata.js";
import { findWrite, status } from "./operations/game/status.js";
import { findHistory, readLog, readReplay } from "./operations/history/find-history.js";
import { listHistory } from "./operations/history/list-history.js";
import {
  countActive,
  countByRules,
  countQuarantined,
  countUpdates,
  listActive,
  type UpdateCounts,
} from "./operations/lists/list-active.js";
import { digests, inspect, listGone, listVersions } from "./operations/lists/list-by-ids.js";
import { listGames } from "./operations/lists/list-games.js";
import { listIds } from "./operations/lists/list-ids.js";
import { load, loadPage } from "./operations/load/load.js";
import { belongTo, deployment } from "./operations/shared-work/belong-to.js";
import { beatServiceClock, now, tryWrite } from "./operations/shared-work/clock.js";
import { acquireLease, releaseLease } from "./operations/shared-work/leases.js";
import { parseOptions, type Settings, type SqlStoreOptions } from "./options.js";
import { defineModels, type Models } from "./schema/define-models.js";
import { migrations } from "./schema/migrations.js";
import { type MigrationStatus, Migrator, type PlannedMigration, type RollbackOptions } from "./schema/migrator.js";
import { tableNames, tableRights } from "./schema/tables.js";

/** The store port on Postgres, and what it offers beyond the port. */
export interface SqlStore extends Store<Transaction>, Transfer, Counts {
  /** The Sequelize given, or the store's own; for transactions that the calls take, and for queries. */
  readonly sequelize: Sequelize;
  readonly models: Models;
  /** Brings the schema up to date; needs no `start()`. Any number of processes may do so at once. Returns the names. */
  migrate(): Promise<readonly string[]>;
  /** Takes back the newest migration, or more, WITH the data in its tables; returns the names. */
  rollback(options?: RollbackOptions): Promise<readonly string[]>;
  /** Names of the migrations that `migrate()` would apply. */
  pendingMigrations(): Promise<readonly string[]>;
  /** All migrations, and which are applied. Needs no `start()`, and changes nothing. */
  migrationStatus(): Promise<readonly MigrationStatus[]>;
  /** The statements that `migrate()` would run. Needs no `start()`, and changes nothing. */
  planMigrations(): Promise<readonly PlannedMigration[]>;
  /** Whose games the schema keeps; `null` while no process has started on it. Changes nothing. */
  deployment(): Promise<Deployment | null>;
  readonly needs: StoreNeeds;
  /** How the connections of the store's own statements are in use now. */
  poolUse(): PoolUse;
}

/** What a store needs of Postgres, for a program that checks it. */
export interface StoreNeeds {
  readonly schema: string;
  /** The rights on each table that the role needs. */
  readonly rights: Readonly<Record<string, readonly string[]>>;
  /** Names of all migrations, in order. */
  readonly migrations: readonly string[];
  /** Connections for the store's own statements. */
  readonly poolSize: number;
}

/** What brings finished games from one store to another, and takes a person out of them. */
export interface Transfer {
  /** Puts a finished game of another store into history, as it was there; false if its id is or was in use here. */
  importHistory(game: StoredReplay, options?: OwnTransactionOptions): Promise<boolean>;
  /** Ids of a player's quarantined games. */
  quarantinedOf(playerId: PlayerId, options?: OwnTransactionOptions): Promise<readonly GameId[]>;
  /** Writes a finished game anew with another id in a player's place, and this outcome and replay. Needs a right more. */
  renameInGame(game: StoredReplay, renaming: Renaming, options?: OwnTransactionOptions): Promise<void>;
  /** Puts another id in a player's place in all tombstones. */
  renameInGone(renaming: Renaming, options?: OwnTransactionOptions): Promise<void>;
}

/** What metrics ask beyond the port. */
export interface Counts {
  /** Updates of the games' table since Postgres's statistics began. */
  countUpdates(options?: OwnTransactionOptions): Promise<UpdateCounts>;
}

type Operations = Transfer &
  Counts &
  Omit<Store<Transaction>, Exclude<keyof StoreLifecycle<Transaction>, "belongTo" | "ping">>;

/**
 * The store port on Postgres 13 or later. Nothing is connected before `start()`, `migrate()` or the first use of
 * `sequelize`. What was given stays open after `close()`.
 * @throws InvalidInput for options that are unsound
 * @example
 * const store = createSqlStore({ url: "postgres://localhost/games" });
 * await store.migrate();
 * await store.start();
 */
export function createSqlStore(options: SqlStoreOptions): SqlStore {
  const settings = parseOptions(options);
  const sequelize = settings.sequelize ?? openSequelize(settings, settings.url ?? "");
  const models = defineModels(sequelize, settings.schema);
  const db = new Database(settings);
  const migrator = new Migrator(sequelize, db.tables);
  const life = new StoreLife(settings, sequelize, db, migrator);
  return {
    sequelize,
    models,
    migrate: () => migrator.up(),
    rollback: (options) => migrator.down(options),
    pendingMigrations: () => migrator.pending(),
    migrationStatus: () => migrator.status(),
    planMigrations: () => migrator.plan(),
    deployment: () => deployment(db),
    needs: {
      schema: settings.schema,
      rights: Object.fromEntries(Object.entries(tableNames).map(([key, name]) => [name, rightsOn(key)])),
      migrations: migrations.map(({ name }) => name),
      poolSize: settings.poolSize,
    },
    poolUse: () => db.poolUse,
    start: () => life.start(),
    close: () => life.close(),
    afterCommit: (transaction, hook) => runAfterCommit(db, transaction, hook),
    rootOf,
    ...bindOperations<Operations, Database>(() => db, {
      belongTo,
      ping: tryWrite,
      // Life of a game
      create,
      read,
      status,
      findWrite,
      quarantine,
      readQuarantined,
      release,
      setMetadata,
      recreate,
      remove,
      // Loads
      load,
      loadPage,
      // Flushes
      flush,
      canStore,
      // Writes in a caller's transaction
      lock,
      overwrite,
      // The end of a game
      archive,
      archiveIncomplete,
      purgeHistory,
      purgeTombstones,
      // History
      readLog,
      findHistory,
      readReplay,
      listHistory,
      // Lists
      countActive,
      countQuarantined,
      countByRules,
      countUpdates,
      listActive,
      listGames,
      listIds,
      inspect,
      digests,
      listVersions,
      listGone,
      // Leases and clocks
      acquireLease,
      releaseLease,
      beatServiceClock,
      now,
      // Transfer
      importHistory,
      quarantinedOf,
      renameInGame,
      renameInGone,
    }),
  };
}

const rightsOn = (table: string) => tableRights[table as keyof typeof tableRights];

/** Start and end of a store. */
class StoreLife {
  readonly #settings: Settings;
  readonly #sequelize: Sequelize;
  readonly #db: Database;
  readonly #migrator: Migrator;
  #starting: Promise<void> | null = null;
  #closed = false;

  constructor(settings: Settings, sequelize: Sequelize, db: Database, migrator: Migrator) {
    this.#settings = settings;
    this.#sequelize = sequelize;
    this.#db = db;
    this.#migrator = migrator;
  }

  async start(): Promise<void> {
    if (this.#closed) throw new TurnkeepError("NotRunning", "the Postgres store was closed: make a new one", {});
    this.#starting ??= this.#start().catch((error) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#starting?.catch(() => {});
    await this.#db.close();
    if (!this.#settings.sequelize) await this.#sequelize.close();
  }

  async #start(): Promise<void> {
    await checkPooler(clientConfig(this.#settings, this.#sequelize), this.#settings);
    if (this.#settings.migrateOnStart) await this.#migrator.up();
    this.#db.open(openPool(this.#settings, this.#sequelize));
    try {
      await checkStart(this.#db, this.#migrator);
    } catch (error) {
      await this.#db.close();
      throw error;
    }
  }
}
