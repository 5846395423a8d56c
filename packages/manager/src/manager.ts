import type { JsonValue, Outcome, Version, Viewer } from "@turnkeep/core";
import type { DirtyBacklog, GameFilter, GameHistoryRecord, ListedGame, Page, PageRequest } from "@turnkeep/core/ports";
import type { DeadlineResult, OnDue } from "./background/deadlines.js";
import type { ExpiryResult } from "./background/end-games.js";
import type { FlushRound } from "./background/flush-round.js";
import type { RecoveryOptions, RecoveryResult } from "./background/recover.js";
import type { CallOptions, StoreOptions } from "./context.js";
import type { ManagerEvents } from "./events.js";
import type { ReplayStates } from "./load/decode.js";
import type { LoadedGame } from "./load/load-game.js";
import type { CreateGameOptions } from "./operations/create.js";
import type { DeleteOptions } from "./operations/delete.js";
import type { ArchiveOptions, ArchiveResult, GameEndResult } from "./operations/end.js";
import type { Replay } from "./operations/history.js";
import type { ActiveGameRecord, PersistOptions, SaveToCacheOptions } from "./operations/save.js";
import type { MetadataReducer, UpdatedMetadata, UpdateOptions, UpdateResult } from "./operations/update.js";
import type { WatchedGame } from "./watch/watch-channel.js";
import type { Reducer } from "./write/reduce.js";

/**
 * Keeps games. All calls may run at once, from any number of processes. Every call checks its input first and throws
 * InvalidGameId, InvalidInput or InvalidState before anything is stored; NotRunning before `start` and after `close`.
 */
export interface GameStateManager<State extends object, View = unknown, Tx = unknown, Entry = JsonValue> {
  readonly events: ManagerEvents;
  /** Connects and checks both stores, and starts the flusher. */
  start(): Promise<void>;
  /** Takes no new calls, flushes what this process knows to be dirty, closes what it opened. Safe to call twice. */
  close(): Promise<void>;

  createGame(state: State, options: CreateGameOptions<Tx>): Promise<LoadedGame<State>>;
  loadState(gameId: string, options?: StoreOptions<Tx>): Promise<LoadedGame<State> | null>;
  update(gameId: string, reducer: Reducer<State, Entry>, options?: UpdateOptions<Tx>): Promise<UpdateResult<State>>;

  /** Changes what stands beside the state, such as names and seats: durable, small, no turn. See `LoadedGame.metadata`. */
  updateMetadata(gameId: string, reducer: MetadataReducer, options?: CallOptions): Promise<UpdatedMetadata>;

  saveToCache(state: State, options?: SaveToCacheOptions): Promise<Version>;
  loadFromCache(gameId: string, options?: CallOptions): Promise<LoadedGame<State> | null>;
  /** Flushes a dirty copy first, then deletes that version; true if there was one. */
  deleteFromCache(gameId: string, options?: CallOptions): Promise<boolean>;
  cacheExists(gameId: string, options?: CallOptions): Promise<boolean>;

  persistToDb(state: State, options?: PersistOptions<Tx>): Promise<ActiveGameRecord>;
  loadFromDb(gameId: string, options?: StoreOptions<Tx>): Promise<LoadedGame<State> | null>;
  deleteFromDb(gameId: string, options?: StoreOptions<Tx>): Promise<boolean>;

  endGame(gameId: string, outcome: Outcome, options?: StoreOptions<Tx>): Promise<GameEndResult<View>>;
  archiveToHistory(gameId: string, options: ArchiveOptions<State, Tx>): Promise<ArchiveResult>;
  deleteGame(gameId: string, options?: DeleteOptions<Tx>): Promise<boolean>;

  recoverActiveGames(options?: RecoveryOptions): Promise<RecoveryResult>;
  expireStaleGames(options?: CallOptions & { idleForMs?: number }): Promise<ExpiryResult>;
  /** Flushes what is due, from any process; the flusher's loop and the daemon call it. */
  flushDue(options?: CallOptions): Promise<FlushRound>;
  /** How many games of all processes wait for the store, and for how long the latest has been due. */
  backlog(options?: CallOptions): Promise<DirtyBacklog>;
  /**
   * One round over all games whose `dueAt` has come, by the service clock. Any number of processes may do this, also
   * at once: each deadline is enforced once. A game that fails stops no other, and is tried again half a minute later.
   */
  enforceDeadlines(onDue: OnDue<State, Entry>, options?: CallOptions): Promise<DeadlineResult>;
  /**
   * The service time in ms: it stands still while the service is away, goes on otherwise, and never goes back.
   * @throws NotRunning unless this manager runs the service clock
   */
  serviceTime(): number;
  /**
   * Marks the cached copies that the store may lack, so that they are flushed: those whose mark is lost, and those that
   * are ahead of a store that was restored or has lost its last commits; the daemon calls it. Returns how many.
   */
  findUnflushed(options?: CallOptions): Promise<number>;
  /** Archives what was sealed and never archived; the daemon calls it. Returns how many. */
  finishEndings(options?: CallOptions): Promise<number>;

  getActiveGameCount(options?: StoreOptions<Tx>): Promise<number>;
  /**
   * All games that pass the filter, live and finished, in pages by id. A page may be short, or empty, as long as `next` is
   * not `null`. Of a live game `updatedAt` may be older than its last action by the flush bound.
   */
  listGames(filter?: GameFilter, page?: PageRequest, options?: StoreOptions<Tx>): Promise<Page<ListedGame>>;
  getPlayerActiveGames(
    playerId: string,
    page?: PageRequest,
    options?: StoreOptions<Tx>,
  ): Promise<Page<ActiveGameRecord>>;
  getPlayerHistory(playerId: string, page?: PageRequest, options?: StoreOptions<Tx>): Promise<Page<GameHistoryRecord>>;
  getReplay(gameId: string, viewer: Viewer, options?: StoreOptions<Tx>): Promise<Replay<View, Entry> | null>;
  /** The same for callers that redact it themselves: whole states, and the log. `null` where history has no such game. */
  getReplayStates(gameId: string, options?: StoreOptions<Tx>): Promise<ReplayStates<State, Entry> | null>;
  /** The state that a live or finished game began with; `null` where there is none. Not redacted. */
  getInitialState(gameId: string, options?: StoreOptions<Tx>): Promise<State | null>;
  /** Log entries from number `from` (default 1) on, also those that only the cache has. Not redacted. */
  getLog(gameId: string, from?: number, options?: StoreOptions<Tx>): Promise<readonly Entry[]>;
  /**
   * New versions from every server, coalescing to the newest; begins with the current one, ends when `signal` fires.
   * All who watch a game here share one subscription and get the same objects. While a store is away it waits.
   * @throws in the iteration, what keeps the game from being read: GameQuarantined, GameOrphaned, UnsupportedSchema
   */
  watch(gameId: string, options?: CallOptions): AsyncIterable<WatchedGame<State>>;
}
