import { type GameId, TurnkeepError, type Version, type WriteId } from "@turnkeep/core";
import type * as ports from "@turnkeep/core/ports";
import type { Sequelize, Transaction } from "sequelize";
import { runAfterCommit } from "./connection/after-commit.js";
import { type CallOptions, Database } from "./connection/database.js";
import { openPool, openSequelize } from "./connection/pool.js";
import { checkStart } from "./connection/start-checks.js";
import { archive } from "./operations/end/archive.js";
import { archiveIncomplete } from "./operations/end/archive-incomplete.js";
import { purgeTombstones } from "./operations/end/purge-tombstones.js";
import { canStore } from "./operations/flush/can-store.js";
import { flush } from "./operations/flush/flush.js";
import { create } from "./operations/game/create.js";
import { overwrite } from "./operations/game/overwrite.js";
import { quarantine } from "./operations/game/quarantine.js";
import { lock, read } from "./operations/game/read.js";
import { remove } from "./operations/game/remove.js";
import { findWrite, status } from "./operations/game/status.js";
import { findHistory, readReplay } from "./operations/history/find-history.js";
import { listHistory } from "./operations/history/list-history.js";
import { readLog } from "./operations/history/read-log.js";
import { countActive } from "./operations/lists/count-active.js";
import { listActive } from "./operations/lists/list-active.js";
import { listGone } from "./operations/lists/list-gone.js";
import { listIds } from "./operations/lists/list-ids.js";
import { load } from "./operations/load/load.js";
import { loadPage } from "./operations/load/load-page.js";
import { beatServiceClock, now } from "./operations/shared-work/clock.js";
import { acquireLease, releaseLease } from "./operations/shared-work/leases.js";
import { parseOptions, type Settings, type SqlStoreOptions } from "./options.js";
import { defineModels, type Models } from "./schema/define-models.js";
import { Migrator, type RollbackOptions } from "./schema/migrator.js";

type InTransaction = ports.InTransactionOptions<Transaction>;

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
  return new SqlStore(parseOptions(options));
}

/** The store port on Postgres, as a whole: each operation of the port is one file in `operations/`. */
export class SqlStore implements ports.Store<Transaction> {
  /** The Sequelize given, or the store's own; for transactions that the calls take, and for queries. */
  readonly sequelize: Sequelize;
  readonly models: Models;
  readonly #settings: Settings;
  readonly #db: Database;
  readonly #migrator: Migrator;
  #starting: Promise<void> | null = null;
  #closed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.sequelize = settings.sequelize ?? openSequelize(settings, settings.url ?? "");
    this.models = defineModels(this.sequelize, settings.schema);
    this.#db = new Database(settings);
    this.#migrator = new Migrator(this.sequelize, this.#db.tables);
  }

  // Life of the store

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
    if (!this.#settings.sequelize) await this.sequelize.close();
  }

  async #start(): Promise<void> {
    if (this.#settings.migrateOnStart) await this.migrate();
    this.#db.open(openPool(this.#settings, this.sequelize));
    try {
      await checkStart(this.#db, this.#migrator);
    } catch (error) {
      await this.#db.close();
      throw error;
    }
  }

  async ping(options: ports.OwnTransactionOptions = {}): Promise<void> {
    await now(this.#db, options);
  }

  afterCommit(transaction: Transaction, hook: () => Promise<void>): void {
    runAfterCommit(this.#db, transaction, hook);
  }

  /** Brings the schema up to date; needs no `start()`. Any number of processes may do so at once. Returns the names. */
  migrate(): Promise<readonly string[]> {
    return this.#migrator.up();
  }

  /** Takes back the newest migration, or more, WITH the data in its tables; returns the names. */
  rollback(options?: RollbackOptions): Promise<readonly string[]> {
    return this.#migrator.down(options);
  }

  /** Names of the migrations that `migrate()` would apply. */
  pendingMigrations(): Promise<readonly string[]> {
    return this.#migrator.pending();
  }

  // Life of a game

  async create(game: ports.NewGame, options: CallOptions = {}): Promise<ports.CreateReply> {
    return create(this.#db, game, options);
  }

  async read(gameId: GameId, options: CallOptions = {}): Promise<ports.LoadReply> {
    return read(this.#db, gameId, options);
  }

  async status(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredStatus> {
    return status(this.#db, gameId, options);
  }

  async findWrite(gameId: GameId, writeId: WriteId, options: CallOptions = {}): Promise<Version | null> {
    return findWrite(this.#db, gameId, writeId, options);
  }

  async quarantine(gameId: GameId, reason: string, unreadable: Uint8Array, options: CallOptions = {}) {
    return quarantine(this.#db, gameId, reason, unreadable, options);
  }

  async remove(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredStatus> {
    return remove(this.#db, gameId, options);
  }

  // Loads

  async load(gameId: GameId, options: CallOptions = {}): Promise<ports.LoadReply> {
    return load(this.#db, gameId, options);
  }

  async loadPage(page: ports.IdPage, options: CallOptions = {}): Promise<readonly ports.ActiveGame[]> {
    return loadPage(this.#db, page, options);
  }

  // Flushes

  async flush(items: readonly ports.FlushItem[], options: CallOptions = {}): Promise<readonly ports.FlushOutcome[]> {
    return flush(this.#db, items, options);
  }

  async canStore(gameId: GameId, options: ports.OwnTransactionOptions = {}): Promise<boolean> {
    return canStore(this.#db, gameId, options);
  }

  // Writes in a caller's transaction

  async lock(gameId: GameId, options: InTransaction): Promise<ports.LoadReply> {
    return lock(this.#db, gameId, options);
  }

  async overwrite(request: ports.OverwriteRequest, options: InTransaction): Promise<ports.ActiveGame | null> {
    return overwrite(this.#db, request, options);
  }

  // The end of a game

  async archive(request: ports.ArchiveRequest, options: CallOptions = {}): Promise<ports.ArchiveReply> {
    return archive(this.#db, request, options);
  }

  async archiveIncomplete(request: ports.IncompleteArchiveRequest, options: CallOptions = {}) {
    return archiveIncomplete(this.#db, request, options);
  }

  async purgeTombstones(olderThanMs: number, options: CallOptions = {}): Promise<number> {
    return purgeTombstones(this.#db, olderThanMs, options);
  }

  // History

  async readLog(gameId: GameId, request: { from: number; limit: number }, options: CallOptions = {}) {
    return readLog(this.#db, gameId, request, options);
  }

  async findHistory(gameId: GameId, options: CallOptions = {}): Promise<ports.GameHistoryRecord | null> {
    return findHistory(this.#db, gameId, options);
  }

  async readReplay(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredReplay | null> {
    return readReplay(this.#db, gameId, options);
  }

  async listHistory(playerId: string, page: ports.PageRequest = {}, options: CallOptions = {}) {
    return listHistory(this.#db, playerId, page, options);
  }

  // Lists

  async countActive(options: CallOptions = {}): Promise<number> {
    return countActive(this.#db, options);
  }

  async listActive(playerId: string, page: ports.PageRequest = {}, options: CallOptions = {}) {
    return listActive(this.#db, playerId, page, options);
  }

  async listIds(filter: ports.IdFilter, page: ports.IdPage, options: CallOptions = {}): Promise<readonly GameId[]> {
    return listIds(this.#db, filter, page, options);
  }

  async listGone(gameIds: readonly GameId[], options: CallOptions = {}): Promise<readonly GameId[]> {
    return listGone(this.#db, gameIds, options);
  }

  // Leases and clocks

  async acquireLease(name: string, holder: string, leaseMs: number, options: CallOptions = {}): Promise<boolean> {
    return acquireLease(this.#db, name, holder, leaseMs, options);
  }

  async releaseLease(name: string, holder: string, options: CallOptions = {}): Promise<void> {
    return releaseLease(this.#db, name, holder, options);
  }

  async beatServiceClock(maxGapMs: number, options: ports.OwnTransactionOptions = {}): Promise<number> {
    return beatServiceClock(this.#db, maxGapMs, options);
  }

  async now(options: CallOptions = {}): Promise<number> {
    return now(this.#db, options);
  }
}
