import type { GameId } from "../game-id.js";
import type { Outcome } from "../outcome.js";
import type { Fence, Version } from "../version.js";
import type { WriteId } from "../write-id.js";
import type { Deployment } from "./deployment.js";
import type { ActiveGame, EntryText, GameCopy, GameFacts, GameMetadata, StateText, UnflushedCopy } from "./records.js";

/*
 * What a cache must do. Each operation is one atomic step of the persistence protocol; replies are data, and only a cache
 * that cannot answer throws: CacheUnavailable (`notDone` or `unknown`), Aborted, NotRunning, Misconfigured at start, and
 * wherever its keys turn out to be another deployment's.
 *
 * A copy is SERVED when its state is there and its epoch (the identity of the serving Redis history) is the current
 * one. A copy with another epoch is UNVERIFIED: neither served nor written until a load has compared it with the store.
 * A copy is DIRTY while the store may lack its version; dirty copies have no time to live.
 */

export interface CacheCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A copy as `read` gives it: enough to serve and to write the next version. */
export type CachedCopy = Pick<GameCopy, "gameId" | "status" | "version" | "state"> &
  Pick<GameFacts, "rulesVersion"> &
  GameMetadata;

export interface ReadRequest {
  /** The version that the caller holds. */
  readonly known?: Version | undefined;
  /** The version of its metadata that the caller holds. @default "0" */
  readonly knownMetadata?: string | undefined;
  /** Begins a load under this token, if no copy is served. */
  readonly token?: string | undefined;
}

/** `same`: the caller's versions are the served ones. `miss`, `unverified`: with a token, the load has begun. */
export type ReadReply =
  | { readonly kind: "hit"; readonly copy: CachedCopy }
  | { readonly kind: "same" }
  | { readonly kind: "miss" }
  | { readonly kind: "unverified" };

/** One game of a page that is to be loaded. */
export interface PageRead {
  readonly gameId: GameId;
  /** Begins a load under this token, if no copy is served. */
  readonly token?: string | undefined;
}

/** One game of a page as the store has it, and the load that is to install it. */
export interface PageInstall {
  readonly token: string;
  readonly row: ActiveGame;
}

/** `present`: another load's copy is served already. `tokenLost`: another load began, or the cache was lost. */
export type InstallReply =
  | { readonly kind: "ok"; readonly version: Version; readonly keptUnverified: boolean }
  | { readonly kind: "tokenLost" }
  | { readonly kind: "present" };

/** `version` of a change, or `gone` when the copy was evicted or is not served any more. */
export type Change = Version | "gone";

/** Ends a subscription; safe to call twice. */
export type Unsubscribe = () => void;

export interface WriteRequest {
  /** The version that the new state was made from. */
  readonly expected: Version;
  readonly writeId: WriteId;
  /** As text, or as its bytes of UTF-8, which stay as they are. */
  readonly state: StateText | Uint8Array;
  /** New log entries, in order. */
  readonly entries: readonly EntryText[];
  readonly turnNumber: number;
  readonly schemaVersion: number;
  readonly dueAt: number | null;
  /** The write is due in the store within this time, by the cache's clock. */
  readonly flushWithinMs: number;
  /** At most so many dirty games; 0: no bound. A game that is dirty already is never refused. */
  readonly maxDirtyGames: number;
  /** The caller flushes the new version at once: `ok` is to bring its copy. @default false */
  readonly forFlush?: boolean | undefined;
}

export interface SealRequest extends WriteRequest {
  readonly outcome: Outcome;
}

/**
 * Checked in this order: missing, unverified, write id known, ended, version, bound. Only `ok` changes anything.
 * `copy`: what `claimGame` would have given at the moment of the write, without `origin`; where it was asked for, unless
 * the log's tail is long. `duplicate`: this write id was applied before, and made `madeVersion`. `conflict`: `version` is
 * the current one.
 */
export type WriteReply =
  | { readonly kind: "ok"; readonly version: Version; readonly copy?: UnflushedCopy | undefined }
  | { readonly kind: "duplicate"; readonly madeVersion: Version }
  | { readonly kind: "conflict"; readonly version: Version }
  | { readonly kind: "ended" }
  | { readonly kind: "unverified" }
  | { readonly kind: "miss" }
  | { readonly kind: "backpressure" };

export interface ClaimRequest {
  readonly limit: number;
  /** The claim ends with the game that reaches so many bytes of states and log entries; default: no bound. */
  readonly maxBytes?: number;
  /** A claim hides its games from other claims for so long; then they are due again. */
  readonly hideMs: number;
  /** Also games whose deadline lies up to so far ahead; default 0: only what is due. */
  readonly dueWithinMs?: number;
}

export interface CopyRequest {
  /** Only a copy that the store may lack. @default false */
  readonly onlyDirty?: boolean | undefined;
  /** Also the log's tail; a copy without it cannot be flushed. @default true */
  readonly entries?: boolean | undefined;
}

/** Due games. `unverified` ones need a load; `absent` ones (marked, but no state) have been unmarked. */
export interface ClaimReply {
  readonly copies: readonly UnflushedCopy[];
  readonly unverified: readonly GameId[];
  readonly absent: readonly GameId[];
  /** What was dirty just before: these games and all others. */
  readonly backlog: DirtyBacklog;
  /** True if the claim ended at one of its bounds, so that more games may be due. */
  readonly more: boolean;
}

/** How far a row is, as far as the caller knows. */
export interface RowInStore {
  readonly version: Version;
  readonly metadataVersion?: string | undefined;
}

export interface ReindexOptions extends CacheCallOptions {
  /** What the store has of these games. Where a row's `metadataVersion` is not given, metadata is not compared. */
  readonly rows?: ReadonlyMap<GameId, RowInStore> | undefined;
}

/** What the store may lack of some games. */
export interface Reindexed {
  /** Games that were marked. */
  readonly marked: readonly GameId[];
  /** Games whose served copy has newer metadata than their row. */
  readonly newerMetadata: readonly GameId[];
}

export interface ScanRequest {
  /** `next` of the page before; `null` for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export interface ScanPage {
  readonly gameIds: readonly GameId[];
  /** `null` at the end. */
  readonly next: string | null;
}

export interface InspectOptions extends CacheCallOptions {
  /** Also the states. @default false */
  readonly states?: boolean | undefined;
  /** Also the log entries that are kept beside the state. @default false */
  readonly entries?: boolean | undefined;
}

/** What a cache holds of one game, besides the state. */
export interface CopyFacts extends Omit<GameCopy, "state" | "writeIds" | "outcome"> {
  /** The row's version that this copy's lineage grew from. */
  readonly base: Version;
  /** False for an unverified copy: its next load compares it with the store. */
  readonly served: boolean;
  /** Whether the store may lack this version. */
  readonly dirty: boolean;
  /** When the next flush is due, or a claim ends, by the cache's clock in ms; `null`: not in the dirty index. */
  readonly flushAt: number | null;
  /** How long a clean copy stays, in ms; `null` for a dirty one. */
  readonly expiresInMs: number | null;
  /** How many of the newest log entries are kept beside the state. */
  readonly tailEntries: number;
  /** Bytes of the state's text. */
  readonly stateBytes: number;
  /** `null` unless it was asked for. */
  readonly state: StateText | null;
  /** These entries, the newest last; `null` unless they were asked for. */
  readonly entries: readonly EntryText[] | null;
}

export interface DirtyBacklog {
  readonly games: number;
  /** How long the most overdue game has been due, in ms; 0 if none is overdue. */
  readonly oldestOverdueMs: number;
}

export interface Cache {
  /* ───── Life ───── */

  /** Connects and checks what the protocol needs. @throws Misconfigured with what to change, CacheUnavailable */
  start(): Promise<void>;
  /**
   * From now on this cache's calls are those of this deployment. The first deployment owns the keys; a call of another
   * changes nothing and throws Misconfigured, this one as well. If the keys are lost, the next call owns them again.
   * `ping`, `identity`, `exists`, `subscribe`, `scan`, `inspect`, `unlike`, `backlog` and `now` need not look. @throws Misconfigured, CacheUnavailable
   */
  belongTo(deployment: Deployment): Promise<void>;
  /** Closes only what this cache opened. */
  close(): Promise<void>;
  /** Does what a write needs and takes it back. @throws CacheUnavailable, Misconfigured if no write would succeed now */
  ping(options?: CacheCallOptions): Promise<void>;
  /**
   * Names what the cache holds: the same text for all, until it loses its copies, fails over or restarts, also where no
   * connection breaks. One call costs the same for any number of games.
   */
  identity(options?: CacheCallOptions): Promise<string>;
  /** False if the cache cannot notice a failover (scripts may not call `INFO replication`): then only the `durable` level is safe. */
  readonly detectsFailover: boolean;

  /* ───── Load ───── */

  /**
   * The copy, `same` if the caller holds its version already, or `miss`/`unverified`. With a token given, those begin
   * a load in the same round trip. Without its state a copy is a miss, whatever else there is of it.
   */
  read(gameId: GameId, request?: ReadRequest, options?: CacheCallOptions): Promise<ReadReply>;
  /**
   * Installs a freshly fenced row for the load that the token names. Its lineage becomes the row's fence. An unverified
   * copy is kept and re-labelled only where the row has no newer lineage and no higher revision in the same one.
   */
  install(gameId: GameId, token: string, row: ActiveGame, options?: CacheCallOptions): Promise<InstallReply>;
  /**
   * `read` of many games at once, each a step of its own, without the states: whether a copy is served, in the order of
   * the requests. If it throws, some of the loads may have begun.
   */
  readPage(
    requests: readonly PageRead[],
    options?: CacheCallOptions,
  ): Promise<readonly ("served" | "miss" | "unverified")[]>;
  /** `install` of many games at once, each a step of its own. If it throws, some may be installed. */
  installPage(installs: readonly PageInstall[], options?: CacheCallOptions): Promise<readonly InstallReply[]>;
  /**
   * Calls `onChange` at every change of the game, made by any process, until unsubscribed; resolves once subscribed.
   * Calls `onGap` when changes may have been missed, as after a reconnection: the caller then reads again.
   */
  subscribe(gameId: GameId, onChange: (change: Change) => void, onGap: () => void): Promise<Unsubscribe>;

  /* ───── Write ───── */

  /** Compare-and-set: writes state and log, marks dirty, takes the time to live away, publishes; or changes nothing. */
  write(gameId: GameId, request: WriteRequest, options?: CacheCallOptions): Promise<WriteReply>;
  /** As `write`, and the game ends with this outcome; it takes no more writes. */
  seal(gameId: GameId, request: SealRequest, options?: CacheCallOptions): Promise<WriteReply>;

  /**
   * The store has this metadata: a copy with older metadata takes it, unverified or not, and its version stays; a load
   * under way that found no copy loses its token, since its row may be older. Publishes the version where it changed.
   */
  setMetadata(gameId: GameId, metadata: GameMetadata, options?: CacheCallOptions): Promise<void>;

  /* ───── Flush ───── */

  /** Takes due games for flushing, the most overdue first. */
  claim(request: ClaimRequest, options?: CacheCallOptions): Promise<ClaimReply>;
  /** The same for one game, due or not; `null` where it is missing, unverified, or clean and `onlyDirty`. Hides nothing. */
  claimGame(gameId: GameId, request?: CopyRequest, options?: CacheCallOptions): Promise<UnflushedCopy | null>;
  /**
   * The store has this version, and log entries up to `logCount`: trims them within the same lineage; unmarks the
   * game and gives it its time to live only if this version is still current. `newer` otherwise, then its deadline stands.
   */
  ack(gameId: GameId, version: Version, logCount: number, options?: CacheCallOptions): Promise<"ok" | "newer">;
  /** Takes a newer fence for a lineage that is still served; the version stays. Nothing changes for another lineage. */
  adopt(gameId: GameId, lineage: string, fence: Fence, options?: CacheCallOptions): Promise<void>;
  /** Replaces a forked copy by the freshly fenced row, clean; false where another lineage is served by now. */
  reset(gameId: GameId, forkedLineage: string, row: ActiveGame, options?: CacheCallOptions): Promise<boolean>;
  /**
   * The game's copy, clean, dirty or unverified, which is unverified from now on; `null` if there is none. A load under way
   * loses its token. Publishes `gone`, so that those who watch look again. Called under the row's lock, it keeps the game
   * still until that lock is gone; nothing is lost, whether the row then has the copy or not.
   */
  unverify(gameId: GameId, options?: CacheCallOptions): Promise<UnflushedCopy | null>;

  /* ───── End ───── */

  /**
   * Deletes copy, log tail and mark, and publishes `gone`. With a version, only where that is current and
   * clean, else `newer`. `absent`: there was nothing (a load under way has lost its token all the same).
   */
  evict(gameId: GameId, version?: Version, options?: CacheCallOptions): Promise<"ok" | "absent" | "newer">;

  /* ───── Lists ───── */

  /** True if a state is there, unverified or not. */
  exists(gameId: GameId, options?: CacheCallOptions): Promise<boolean>;
  /** Ids of games with a state, in pages; weakly consistent, each id at least once. */
  scan(request: ScanRequest, options?: CacheCallOptions): Promise<ScanPage>;
  /**
   * Marks those of these games that the store may lack, due now. Those are dirty but missing from the
   * index; or served, clean, and ahead of the row whose version is given, which they contain, as after a restore of the
   * store: such a copy loses its time to live. Says besides whose metadata is newer than the row's, and changes nothing
   * for that.
   */
  reindex(gameIds: readonly GameId[], options?: ReindexOptions): Promise<Reindexed>;
  /**
   * What is there of those of these games that have a copy, unverified or not, each as it was at one moment. Changes
   * nothing, not even whose keys they are; the order is any.
   */
  inspect(gameIds: readonly GameId[], options?: InspectOptions): Promise<readonly CopyFacts[]>;
  /**
   * Which of these games are not as the store's `digests` says: those without a copy that is served, clean, out of the
   * dirty index, and has that digest; one that was not written since its load has the version of the row that it grew
   * from. Changes nothing; the order is any.
   */
  unlike(digests: ReadonlyMap<GameId, string>, options?: CacheCallOptions): Promise<readonly GameId[]>;
  backlog(options?: CacheCallOptions): Promise<DirtyBacklog>;

  /* ───── Clock ───── */

  /** The current time of the cache's clock, in ms since the epoch. */
  now(options?: CacheCallOptions): Promise<number>;
}
