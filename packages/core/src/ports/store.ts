import type { GameId } from "../game-id.js";
import type { Outcome } from "../outcome.js";
import type { Fence, Version } from "../version.js";
import type { WriteId } from "../write-id.js";
import type {
  ActiveGame,
  ActiveGameSummary,
  EntryText,
  GameFacts,
  GameHistoryRecord,
  Page,
  PageRequest,
  StateText,
  StoredStatus,
  UnflushedCopy,
} from "./records.js";

/*
 * What a store must do. Each operation is one statement or one transaction of the persistence protocol; replies are data,
 * and only a store that cannot answer throws: StoreUnavailable (`notDone` or `unknown`), Aborted, NotRunning,
 * Misconfigured at start. Inside a caller's transaction an operation takes part in it and commits nothing.
 */

export interface StoreCallOptions<Tx> {
  readonly signal?: AbortSignal | undefined;
  readonly transaction?: Tx | undefined;
}

export interface NewGame extends GameFacts {
  readonly gameId: GameId;
  readonly state: StateText;
  readonly schemaVersion: number;
  readonly turnNumber: number;
  readonly dueAt: number | null;
  readonly writeId: WriteId;
}

/** The row is there (created now, or before), or the id is used up. */
export type CreateReply =
  | { readonly kind: "created"; readonly game: ActiveGame }
  | { readonly kind: "exists"; readonly status: Exclude<StoredStatus, "missing"> };

export type LoadReply =
  | { readonly kind: "row"; readonly game: ActiveGame }
  | { readonly kind: "quarantined"; readonly reason: string | null }
  | { readonly kind: "none"; readonly status: "archived" | "deleted" | "missing" };

export interface FlushItem extends UnflushedCopy {
  /** The write whose durability is asked for: a row that remembers it contains this flush. */
  readonly writeId?: WriteId | undefined;
}

/**
 * What became of one flushed copy. `contained`: the row has it (`rowVersion`), or remembers the write id; `fork`: the
 * row has what the copy lacks (`containsRow`), so the copy must be reset; `fence`: adopt `fence`, then flush again; `gone`: archived or
 * deleted, evict; `quarantined`: evict; `orphan`: there is no row.
 */
export type FlushOutcome = { readonly gameId: GameId } & (
  | { readonly kind: "written" }
  | { readonly kind: "contained"; readonly rowVersion: Version }
  | { readonly kind: "fork"; readonly rowVersion: Version }
  | { readonly kind: "fence"; readonly fence: Fence }
  | { readonly kind: "gone"; readonly status: "archived" | "deleted" }
  | { readonly kind: "quarantined" }
  | { readonly kind: "orphan" }
);

export interface OverwriteRequest {
  readonly gameId: GameId;
  /** Revision of the version that the new state was made from; the new one is one higher, in a new lineage. */
  readonly baseRevision: string;
  readonly state: StateText;
  readonly schemaVersion: number;
  readonly turnNumber: number;
  readonly dueAt: number | null;
  readonly writeId: WriteId;
  /** New log entries, in order; default none. */
  readonly entries?: readonly EntryText[] | undefined;
}

export interface ArchiveRequest {
  /** The sealed copy: status `ended`, outcome set. It is written to the row first, as a flush would. */
  readonly copy: UnflushedCopy;
  /** Extra fields for the replay, a JSON object as text; it may not name initialState, log, rules or finalState. */
  readonly extraReplay?: string | undefined;
}

/** `already`: history has it. The others mean as for a flush; `fence` and `fork` leave the row as it was. */
export type ArchiveReply =
  | { readonly kind: "archived" | "already"; readonly record: GameHistoryRecord }
  | Exclude<FlushOutcome, { kind: "written" | "contained" }>;

export interface IncompleteArchiveRequest extends GameFacts {
  readonly gameId: GameId;
  readonly outcome: Outcome;
  readonly state: StateText | null;
  readonly turnCount: number;
  readonly extraReplay?: string | undefined;
}

export type IncompleteArchiveReply =
  | { readonly kind: "archived" | "already"; readonly record: GameHistoryRecord }
  | { readonly kind: "active" | "deleted" };

/** A finished game's replay. All texts are JSON; `finalState` has the very bytes that were sealed. */
export interface StoredReplay {
  readonly record: GameHistoryRecord;
  /** A JSON object as text: initialState, log, rules, finalState, and what the archiver added. */
  readonly replay: string;
}

export interface Store<Tx = unknown> {
  /** Connects and checks that the schema is migrated. @throws Misconfigured, StoreUnavailable */
  start(): Promise<void>;
  /** Closes only what this store opened. */
  close(): Promise<void>;
  ping(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** Runs the hook once the caller's transaction has committed, never if it rolls back. */
  afterCommit(transaction: Tx, hook: () => Promise<void>): void;

  /** A new row, durable at once, unless the id is or was in use. The version is `<fence>.1`. */
  create(game: NewGame, options?: StoreCallOptions<Tx>): Promise<CreateReply>;
  /** Draws a fresh fence for the row, under its lock, and returns it: the first half of a load into the cache. */
  load(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<LoadReply>;
  /** The same for a page of live and ended rows after `after`, by id. */
  loadPage(
    request: { after: GameId | null; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly ActiveGame[]>;
  /** The row as it is; fences nothing. */
  read(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<LoadReply>;
  /** The version that this write made, as far as the row, or the tombstone of an archived game, remembers it. */
  findWrite(gameId: GameId, writeId: WriteId, options?: StoreCallOptions<Tx>): Promise<Version | null>;
  /** Where the game is; looks into history too. */
  status(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<StoredStatus>;
  /**
   * Writes those copies whose fence is the row's, whose version is higher, and which contain the row, rows and log entries in one
   * transaction, sorted by id; never inserts a game. One outcome per item, in the order given; ids are distinct.
   */
  flush(items: readonly FlushItem[], options?: StoreCallOptions<Tx>): Promise<readonly FlushOutcome[]>;
  /**
   * Overwrites a row whose cached copy has been evicted under the row's lock (taken by `lock`), in the caller's
   * transaction: fresh fence, lineage = fence, revision one above the base. `null` where the base is not the row's.
   */
  overwrite(request: OverwriteRequest, options: StoreCallOptions<Tx> & { transaction: Tx }): Promise<ActiveGame | null>;
  /** Locks the row until the caller's transaction ends, so that no load or flush of it passes; the row, as `read`. */
  lock(gameId: GameId, options: StoreCallOptions<Tx> & { transaction: Tx }): Promise<LoadReply>;
  /** One transaction: the copy written, history with the composed replay inserted, the row a stateless tombstone, its log rows gone. */
  archive(request: ArchiveRequest, options?: StoreCallOptions<Tx>): Promise<ArchiveReply>;
  /** History without an active row, marked `incomplete`; `active` where there is a row after all. */
  archiveIncomplete(request: IncompleteArchiveRequest, options?: StoreCallOptions<Tx>): Promise<IncompleteArchiveReply>;
  /** The row becomes a stateless tombstone and its log goes; returns the status before. Archived games stay archived. */
  remove(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<StoredStatus>;
  /**
   * Whether the store can still store what it has kept: this live or ended game's row as it is, one more log entry, and a
   * row of history. Writes nothing. False tells that what is refused now is not the game's fault. True where there is
   * no such row.
   */
  canStore(gameId: GameId, options?: { signal?: AbortSignal | undefined }): Promise<boolean>;
  /** Sets a live or ended game aside with the reason and the unreadable bytes; false where there is none. */
  quarantine(gameId: GameId, reason: string, unreadable: Uint8Array, options?: StoreCallOptions<Tx>): Promise<boolean>;

  /** Log entries from number `from` on, at most `limit`. Empty for games that are not live or ended. */
  readLog(
    gameId: GameId,
    request: { from: number; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly { seq: number; entry: EntryText }[]>;
  countActive(options?: StoreCallOptions<Tx>): Promise<number>;
  /** A player's live and ended games, newest first, without states. */
  listActive(playerId: string, page: PageRequest, options?: StoreCallOptions<Tx>): Promise<Page<ActiveGameSummary>>;
  /** A player's finished games, newest first, without replays. */
  listHistory(playerId: string, page: PageRequest, options?: StoreCallOptions<Tx>): Promise<Page<GameHistoryRecord>>;
  findHistory(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<GameHistoryRecord | null>;
  readReplay(gameId: GameId, options?: StoreCallOptions<Tx>): Promise<StoredReplay | null>;

  /** Ids of live and ended games, in pages by id; fences nothing. A page that is not full is the last. */
  listLive(
    request: { after: GameId | null; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly GameId[]>;
  /** Ids of live games whose row has had no activity for so long, by the store's clock, in pages by id. */
  listIdle(
    request: { idleForMs: number; after: GameId | null; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly GameId[]>;
  /** Ids of ended games that wait for their archive, in pages by id. */
  listEnded(
    request: { after: GameId | null; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly GameId[]>;
  /**
   * Ids of live games whose row is due at this service time or before, in pages by id. Where there are very many, the
   * least overdue may be left to a later listing.
   */
  listDue(
    request: { dueBy: number; after: GameId | null; limit: number },
    options?: StoreCallOptions<Tx>,
  ): Promise<readonly GameId[]>;
  /** Ids of those games that are archived or deleted. */
  listGone(gameIds: readonly GameId[], options?: StoreCallOptions<Tx>): Promise<readonly GameId[]>;
  /** Deletes tombstones older than this; returns how many. */
  purgeTombstones(olderThanMs: number, options?: StoreCallOptions<Tx>): Promise<number>;

  /** Takes or renews the named lease for the holder, by the store's clock; false while another holds it. */
  acquireLease(name: string, holder: string, leaseMs: number, options?: StoreCallOptions<Tx>): Promise<boolean>;
  releaseLease(name: string, holder: string, options?: StoreCallOptions<Tx>): Promise<void>;
  /**
   * Moves the service clock on by what has passed since its last beat, by the store's clock, but by no more than this;
   * returns the service time, in whole ms. Beats of many processes at once add up to the time that passed, never more.
   */
  beatServiceClock(maxGapMs: number, options?: { signal?: AbortSignal | undefined }): Promise<number>;
  /** The current time of the store's clock, in ms since the epoch. */
  now(options?: StoreCallOptions<Tx>): Promise<number>;
}
