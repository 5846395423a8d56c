import type { GameId } from "../game-id.js";
import type { Fence, Version } from "../version.js";
import type { WriteId } from "../write-id.js";
import type { Deployment } from "./deployment.js";
import type {
  ActiveGame,
  ActiveGameSummary,
  CopyWithOrigin,
  EntryText,
  GameHistoryRecord,
  ListedGame,
  Page,
  PageRequest,
  QuarantinedGame,
  RowAt,
  RowVersions,
  StoredFacts,
  StoredStatus,
  UnflushedCopy,
} from "./records.js";
import type {
  ArchiveReply,
  ArchiveRequest,
  CreateReply,
  FlushItem,
  FlushReply,
  GameFilter,
  IdFilter,
  IdPage,
  IncompleteArchiveReply,
  IncompleteArchiveRequest,
  LoadReply,
  MetadataReply,
  MetadataRequest,
  NewGame,
  OverwriteRequest,
  StoredReplay,
} from "./store-messages.js";

/**
 * What a store must do, in sections. Each operation is one statement or one transaction of the persistence protocol.
 * Replies are data; only a store that cannot answer throws: StoreUnavailable (`notDone` or `unknown`), Aborted,
 * NotRunning, Misconfigured at start. Inside a caller's transaction an operation takes part in it and commits nothing.
 */
export interface Store<Tx = unknown>
  extends StoreLifecycle<Tx>,
    GameLife<Tx>,
    LoadOperations<Tx>,
    FlushOperations<Tx>,
    CallerTransactionWrites<Tx>,
    EndOperations<Tx>,
    HistoryReads<Tx>,
    GameLists<Tx>,
    LeasesAndClock<Tx> {}

/** For operations that always use a transaction of their own. */
export interface OwnTransactionOptions {
  readonly signal?: AbortSignal | undefined;
}

/** For operations that may take part in a caller's transaction. */
export interface StoreCallOptions<Tx> extends OwnTransactionOptions {
  readonly transaction?: Tx | undefined;
}

/** For operations that make sense only in a caller's transaction. */
export interface InTransactionOptions<Tx> extends StoreCallOptions<Tx> {
  readonly transaction: Tx;
}

/** Life of the store. */
export interface StoreLifecycle<Tx> {
  /** Connects and checks that the schema is migrated. @throws Misconfigured, StoreUnavailable */
  start(): Promise<void>;
  /**
   * Whose games these are. The schema keeps the games of the first that asks, and of no other.
   * @throws Misconfigured if it keeps another game, StoreUnavailable
   */
  belongTo(game: string): Promise<Deployment>;
  /** Closes only what this store opened. */
  close(): Promise<void>;
  /** Resolves if the store answers and takes writes. */
  ping(options?: OwnTransactionOptions): Promise<void>;
  /** Runs the hook once the caller's transaction has committed, never if it rolls back. */
  afterCommit(transaction: Tx, hook: () => Promise<void>): void;
  /** The outermost transaction around this one, whose locks all its savepoints share; itself if it is no savepoint. */
  rootOf(transaction: Tx): object;
}

/** Life of a game: it is created, looked at, quarantined, removed. */
export interface GameLife<Tx> {
  /** A new row, durable at once, unless the id is or was in use. The version is `<fence>.1`. */
  create(game: NewGame, options?: StoreCallOptions<Tx>): Promise<CreateReply>;
  /** The row as it is; fences nothing. */
  read(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<LoadReply>;
  /** Where the game is; looks into history too. */
  status(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<StoredStatus>;
  /** The version that this write made, as far as the row, or the tombstone of an archived game, remembers it. */
  findWrite(gameId: GameId, writeId: WriteId, options?: StoreCallOptions<Tx>): Promise<Version | null>;
  /**
   * Quarantines a live or ended game whose row is still at this version and fence, with the reason and the unreadable
   * bytes; false if there is none, or it has moved on since it was found unreadable.
   */
  quarantine(row: RowAt, reason: string, unreadable: Uint8Array, options?: StoreCallOptions<Tx>): Promise<boolean>;
  /** What a quarantined game has; `null` for every other game. */
  readQuarantined(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<QuarantinedGame | null>;
  /**
   * Takes a game out of quarantine whose row is still at this version and fence: under a fresh fence, and with the copy
   * written over its row as by a flush, if one is given. False, and nothing is changed, if there is none, or the row has
   * what the copy lacks.
   */
  release(row: RowAt, copy: UnflushedCopy | null, options?: StoreCallOptions<Tx>): Promise<boolean>;
  /**
   * Changes a live or ended game's metadata, durably, if the row's is no newer than what the change was made from. Its new
   * version is above both. State, version and fence stay as they are. @throws InvalidInput
   */
  setMetadata(gameId: GameId, request: MetadataRequest, options?: StoreCallOptions<Tx>): Promise<MetadataReply>;
  /**
   * Makes a row for a copy that the cache serves and whose row is missing: the game was created since a backup that was
   * restored. Its version, fence, metadata and log entries are the copy's. False if a row, a tombstone or history has
   * the id.
   */
  recreate(copy: CopyWithOrigin, options?: StoreCallOptions<Tx>): Promise<boolean>;
  /**
   * The row becomes a stateless tombstone and its log goes; returns the status before. An archived game stays so, unless
   * its history is to go too: then that is deleted, and a tombstone stands in its place.
   */
  remove(gameId: GameId, options?: StoreCallOptions<Tx> & RemoveOptions): Promise<StoredStatus>;
}

/** A game whose log has more bytes is archived without it, as incomplete: its replay could hardly be written or read. */
export const maxReplayLogBytes = 64 * 1_048_576;

export interface RemoveOptions {
  /** Make a tombstone also where there is no row: for a copy without one, so that nobody makes its row any more. */
  readonly markMissing?: boolean | undefined;
  /** Delete an archived game as well, with its record, its replay and its place in players' lists. */
  readonly history?: boolean | undefined;
}

export interface LoadOptions {
  /** Do not wait for a row that another transaction holds: StoreUnavailable, `notDone`, reason `busy`. */
  readonly skipLocked?: boolean | undefined;
  /** The new fence is above this one too: for a copy that is ahead of a row which was restored from a backup. */
  readonly above?: Fence | undefined;
}

/** Loads into the cache. */
export interface LoadOperations<Tx> {
  /** Draws a fresh fence for the row, under its lock, and returns it: the first half of a load into the cache. */
  load(gameId: GameId, options?: StoreCallOptions<Tx> & LoadOptions): Promise<LoadReply>;
  /**
   * The same for many games in one statement, in no order: those of them that are live or ended, and that no other
   * transaction holds.
   */
  loadPage(gameIds: readonly GameId[], options?: StoreCallOptions<Tx>): Promise<readonly ActiveGame[]>;
}

export interface FlushOptions {
  /** Do not wait for rows that other transactions hold: their outcome is `locked`. */
  readonly skipLocked?: boolean | undefined;
}

/** Flushes of the cache's copies. */
export interface FlushOperations<Tx> {
  /**
   * Writes those copies whose fence is the row's, whose version is higher, and which contain the row; rows and log
   * entries in one transaction, sorted by id; never inserts a game. One outcome per item, in the order given; ids are
   * distinct.
   */
  flush(items: readonly FlushItem[], options?: StoreCallOptions<Tx> & FlushOptions): Promise<readonly FlushReply[]>;
  /**
   * Whether the store can still store what it has kept: this live or ended game's row as it is, one more log entry, and
   * a row of history. Writes nothing. False means that what is refused now is not the game's fault. True if there is no
   * such row.
   */
  canStore(gameId: GameId, options?: OwnTransactionOptions): Promise<boolean>;
}

/** A write past the cache, in the caller's transaction. */
export interface CallerTransactionWrites<Tx> {
  /** Locks the row until the caller's transaction ends, so that no load or flush of it passes; the row, as `read`. */
  lock(gameId: GameId, options: InTransactionOptions<Tx>): Promise<LoadReply>;
  /**
   * Overwrites a row whose cached copy has been evicted under the row's lock (taken by `lock`): fresh fence, lineage =
   * fence, revision one above the base. `null` if the base is not the row's.
   */
  overwrite(request: OverwriteRequest, options: InTransactionOptions<Tx>): Promise<ActiveGame | null>;
}

/** The end of a game. */
export interface EndOperations<Tx> {
  /**
   * One transaction: the copy is written, history with the composed replay inserted, the row becomes a stateless
   * tombstone, its log rows go.
   */
  archive(request: ArchiveRequest, options?: StoreCallOptions<Tx>): Promise<ArchiveReply>;
  /** History without an active row, marked `incomplete`; `active` if there is a row after all. */
  archiveIncomplete(request: IncompleteArchiveRequest, options?: StoreCallOptions<Tx>): Promise<IncompleteArchiveReply>;
  /** Deletes tombstones older than this; returns how many. */
  purgeTombstones(olderThanMs: number, options?: StoreCallOptions<Tx>): Promise<number>;
  /**
   * Deletes the records and replays of games that ended longer ago than this; returns how many. One whose tombstone is
   * still there stays: so a game goes in the same two steps as one that was deleted.
   */
  purgeHistory(olderThanMs: number, options?: StoreCallOptions<Tx>): Promise<number>;
}

/** What was played: logs, records, replays. */
export interface HistoryReads<Tx> {
  /** Log entries from number `from` on, at most `limit`; 0 is the initial state. Empty for games that are not live or ended. */
  readLog(
    gameId: GameId,
    request: { from: number; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly { seq: number; entry: EntryText }[]>;
  /** A finished game's record; `null` if there is none. */
  findHistory(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<GameHistoryRecord | null>;
  /** A finished game's record and replay; `null` if there is none. */
  readReplay(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<StoredReplay | null>;
  /** Finished games, newest first, without replays: a player's, or all (`null`). */
  listHistory(
    playerId: string | null,
    page: PageRequest,
    options?: StoreCallOptions<Tx>,
  ): Promise<Page<GameHistoryRecord>>;
}

export interface StoreInspectOptions<Tx> extends StoreCallOptions<Tx> {
  /** Also the states. @default false */
  readonly states?: boolean | undefined;
}

/** Lists of games. */
export interface GameLists<Tx> {
  /** How many games are live or ended. */
  countActive(options?: StoreCallOptions<Tx>): Promise<number>;
  /** How many games are quarantined. */
  countQuarantined(options?: StoreCallOptions<Tx>): Promise<number>;
  /** How many games are live or ended under each version of the rules. */
  countByRules(options?: StoreCallOptions<Tx>): Promise<ReadonlyMap<number, number>>;
  /** A player's live and ended games, newest first, without states. */
  listActive(playerId: string, page: PageRequest, options?: StoreCallOptions<Tx>): Promise<Page<ActiveGameSummary>>;
  /**
   * Live, ended, quarantined and archived games that pass the filter, in pages by id. A page may be short, or empty, as
   * long as `next` names another: so none takes long, however few games pass. @throws InvalidInput
   */
  listGames(filter: GameFilter, page: PageRequest, options?: StoreCallOptions<Tx>): Promise<Page<ListedGame>>;
  /**
   * Ids of the games that pass the filter, in pages by id; fences nothing. A page that is not full is the last. If very
   * many games are due, the least overdue may be left to a later listing.
   */
  listIds(filter: IdFilter, page: IdPage, options?: StoreCallOptions<Tx>): Promise<readonly GameId[]>;
  /**
   * What is stored of these games, or of a page by id of those that are live, ended or quarantined; each as it was at
   * one moment. A game that is only in history counts as archived; what is nowhere is left out. Fences nothing; a page
   * comes by id, and games that were named in any order.
   */
  inspect(which: readonly GameId[] | IdPage, options?: StoreInspectOptions<Tx>): Promise<readonly StoredFacts[]>;
  /**
   * Digests, as `digestOf` makes them, of those of these games of whose row nothing is wrong: they are live and not in
   * history, no log entry is missing, and the state is a JSON object. Fences nothing. A store that cannot say this
   * without sending the state leaves games out.
   */
  digests(gameIds: readonly GameId[], options?: StoreCallOptions<Tx>): Promise<ReadonlyMap<GameId, string>>;
  /** The versions of those games that are live or ended, and of their metadata; fences nothing. */
  listVersions(gameIds: readonly GameId[], options?: StoreCallOptions<Tx>): Promise<ReadonlyMap<GameId, RowVersions>>;
  /** Ids of those games that are archived or deleted. */
  listGone(gameIds: readonly GameId[], options?: StoreCallOptions<Tx>): Promise<readonly GameId[]>;
}

/** Leases and clocks. */
export interface LeasesAndClock<Tx> {
  /** Takes or renews the named lease for the holder, by the store's clock; false while another holds it. */
  acquireLease(name: string, holder: string, leaseMs: number, options?: StoreCallOptions<Tx>): Promise<boolean>;
  /** Gives the lease back, if this holder has it. */
  releaseLease(name: string, holder: string, options?: StoreCallOptions<Tx>): Promise<void>;
  /**
   * Moves the service clock on by what has passed since its last beat, by the store's clock, but by no more than this;
   * returns the service time, in whole ms. Beats of many processes at once add up to the time that passed, never more.
   */
  beatServiceClock(maxGapMs: number, options?: OwnTransactionOptions): Promise<number>;
  /** The current time of the store's clock, in ms since the epoch. */
  now(options?: StoreCallOptions<Tx>): Promise<number>;
}
