import { assertGameId, findWrite, type GameId, TurnkeepError, type Version, type WriteId } from "@turnkeep/core";
import type * as ports from "@turnkeep/core/ports";
import type { Sequelize, Transaction } from "sequelize";
import { runAfterCommit } from "./after-commit.js";
import { batchLimit, integer, milliseconds } from "./check-input.js";
import { type CallOptions, Database } from "./database.js";
import { Migrator, type RollbackOptions } from "./migrator.js";
import { defineModels, type Models } from "./models/define-models.js";
import { archive } from "./operations/archive.js";
import { archiveIncomplete } from "./operations/archive-incomplete.js";
import { canStore } from "./operations/can-store.js";
import { create } from "./operations/create.js";
import { flush } from "./operations/flush.js";
import * as lists from "./operations/lists.js";
import { load, loadPage, lock, read } from "./operations/load.js";
import { locate } from "./operations/locate.js";
import { overwrite } from "./operations/overwrite.js";
import { purgeTombstones } from "./operations/purge-tombstones.js";
import { quarantine } from "./operations/quarantine.js";
import { remove } from "./operations/remove.js";
import type { Settings } from "./options.js";
import { openPool, openSequelize } from "./pool.js";
import { toHistoryRecord } from "./rows.js";
import { checkStart } from "./start-checks.js";
import { acquireLease } from "./statements/acquire-lease.js";
import { beatServiceClock } from "./statements/beat-service-clock.js";
import { countActive } from "./statements/count-active.js";
import { currentTime } from "./statements/current-time.js";
import { findHistory } from "./statements/find-history.js";
import { readLog } from "./statements/read-log.js";
import { readReplay } from "./statements/read-replay.js";
import { releaseLease } from "./statements/release-lease.js";

/** The store port on Postgres, as a whole: every operation of the port hands over to one statement or one transaction. */
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

  /** Brings the schema up to date; needs no `start()`. Any number of processes may do so at once. Names what it did. */
  migrate(): Promise<readonly string[]> {
    return this.#migrator.up();
  }

  /** Takes back the newest migration, or more, WITH the data in its tables; names what it did. */
  rollback(options?: RollbackOptions): Promise<readonly string[]> {
    return this.#migrator.down(options);
  }

  /** Names of the migrations that `migrate()` would apply. */
  pendingMigrations(): Promise<readonly string[]> {
    return this.#migrator.pending();
  }

  async ping(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.#db.run(currentTime, [], options);
  }

  afterCommit(transaction: Transaction, hook: () => Promise<void>): void {
    runAfterCommit(this.#db, transaction, hook);
  }

  async create(game: ports.NewGame, options: CallOptions = {}): Promise<ports.CreateReply> {
    return create(this.#db, game, options);
  }

  async load(gameId: GameId, options: CallOptions = {}): Promise<ports.LoadReply> {
    return load(this.#db, gameId, options);
  }

  async loadPage(range: ports.IdPage, options: CallOptions = {}): Promise<readonly ports.ActiveGame[]> {
    return loadPage(this.#db, range, options);
  }

  async read(gameId: GameId, options: CallOptions = {}): Promise<ports.LoadReply> {
    return read(this.#db, gameId, options);
  }

  async findWrite(gameId: GameId, writeId: WriteId, options: CallOptions = {}): Promise<Version | null> {
    const { status, write_ids } = await locate(this.#db, assertGameId(gameId), options);
    return status === "deleted" || status === "quarantined" ? null : findWrite(write_ids ?? "", writeId);
  }

  async status(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredStatus> {
    return (await locate(this.#db, assertGameId(gameId), options)).status;
  }

  async flush(items: readonly ports.FlushItem[], options: CallOptions = {}): Promise<readonly ports.FlushOutcome[]> {
    return flush(this.#db, items, options);
  }

  async overwrite(
    request: ports.OverwriteRequest,
    options: CallOptions & { transaction: Transaction },
  ): Promise<ports.ActiveGame | null> {
    return overwrite(this.#db, request, options);
  }

  async lock(gameId: GameId, options: CallOptions & { transaction: Transaction }): Promise<ports.LoadReply> {
    return lock(this.#db, gameId, options);
  }

  async archive(request: ports.ArchiveRequest, options: CallOptions = {}): Promise<ports.ArchiveReply> {
    return archive(this.#db, request, options);
  }

  async archiveIncomplete(
    request: ports.IncompleteArchiveRequest,
    options: CallOptions = {},
  ): Promise<ports.IncompleteArchiveReply> {
    return archiveIncomplete(this.#db, request, options);
  }

  async remove(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredStatus> {
    return remove(this.#db, gameId, options);
  }

  async canStore(gameId: GameId, options: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
    return canStore(this.#db, gameId, options);
  }

  async quarantine(
    gameId: GameId,
    reason: string,
    unreadable: Uint8Array,
    options: CallOptions = {},
  ): Promise<boolean> {
    return quarantine(this.#db, gameId, reason, unreadable, options);
  }

  async readLog(
    gameId: GameId,
    { from, limit }: { from: number; limit: number },
    options: CallOptions = {},
  ): Promise<readonly { seq: number; entry: string }[]> {
    const values = [assertGameId(gameId), integer("from", from, 1, Number.MAX_SAFE_INTEGER), batchLimit(limit)];
    const rows = await this.#db.run(readLog, values, options);
    return rows.map(({ seq, entry }) => ({ seq: Number(seq), entry }));
  }

  async countActive(options: CallOptions = {}): Promise<number> {
    const [row] = await this.#db.run(countActive, [], options);
    return Number(row?.games ?? 0);
  }

  async listActive(
    playerId: string,
    page: ports.PageRequest = {},
    options: CallOptions = {},
  ): Promise<ports.Page<ports.ActiveGameSummary>> {
    return lists.listActive(this.#db, playerId, page, options);
  }

  async listHistory(
    playerId: string,
    page: ports.PageRequest = {},
    options: CallOptions = {},
  ): Promise<ports.Page<ports.GameHistoryRecord>> {
    return lists.listHistory(this.#db, playerId, page, options);
  }

  async findHistory(gameId: GameId, options: CallOptions = {}): Promise<ports.GameHistoryRecord | null> {
    const [row] = await this.#db.run(findHistory, [assertGameId(gameId)], options);
    return row ? toHistoryRecord(row) : null;
  }

  async readReplay(gameId: GameId, options: CallOptions = {}): Promise<ports.StoredReplay | null> {
    const [row] = await this.#db.run(readReplay, [assertGameId(gameId)], options);
    return row ? { record: toHistoryRecord(row), replay: row.replay } : null;
  }

  async listIds(filter: ports.IdFilter, page: ports.IdPage, options: CallOptions = {}): Promise<readonly GameId[]> {
    return lists.listIds(this.#db, filter, page, options);
  }

  async listGone(gameIds: readonly GameId[], options: CallOptions = {}): Promise<readonly GameId[]> {
    return lists.listGone(this.#db, gameIds, options);
  }

  async purgeTombstones(olderThanMs: number, options: CallOptions = {}): Promise<number> {
    return purgeTombstones(this.#db, olderThanMs, options);
  }

  async acquireLease(name: string, holder: string, leaseMs: number, options: CallOptions = {}): Promise<boolean> {
    const rows = await this.#db.run(acquireLease, [name, holder, milliseconds("leaseMs", leaseMs)], options);
    return rows.length > 0;
  }

  async releaseLease(name: string, holder: string, options: CallOptions = {}): Promise<void> {
    await this.#db.run(releaseLease, [name, holder], options);
  }

  async beatServiceClock(maxGapMs: number, options: { signal?: AbortSignal | undefined } = {}): Promise<number> {
    const [row] = await this.#db.run(beatServiceClock, [milliseconds("maxGapMs", maxGapMs)], options);
    if (!row) throw new Error("the migrations make the service clock");
    return Number(row.up_ms);
  }

  async now(options: CallOptions = {}): Promise<number> {
    const [row] = await this.#db.run(currentTime, [], options);
    return Number(row?.now_ms);
  }
}
