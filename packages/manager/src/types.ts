import type {
  EndReason,
  GameDefinition,
  GameType,
  JsonValue,
  Outcome,
  Runtime,
  Version,
  Viewer,
  WriteId,
} from "@turnkeep/core";
import type {
  ActiveGameSummary,
  Cache,
  DirtyBacklog,
  GameHistoryRecord,
  Page,
  PageRequest,
  Store,
} from "@turnkeep/core/ports";
import type { ManagerEvents } from "./events.js";
import type { ManagerSettings } from "./settings.js";

/** What every call that does I/O takes. An aborted write is `unknown`: retry it with the same write id. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * What every call that touches the store takes: the caller's transaction. Effects on the cache wait for its commit;
 * inside one, a load neither fences nor fills the cache.
 */
export interface StoreOptions<Tx> extends CallOptions {
  readonly transaction?: Tx | undefined;
}

/** `writeBehind`: the cache has it, due in the store within the lag. `durable`: the store has committed it. */
export type Durability = "writeBehind" | "durable";

/** A pino-shaped logger; states and secrets are never passed to it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ManagerOptions<State extends object, View, Tx> extends Partial<ManagerSettings> {
  readonly game: GameDefinition<State, View>;
  readonly cache: Cache;
  readonly store: Store<Tx>;
  readonly logger?: Logger | undefined;
  /** Where time, chance and ids come from; default the platform's own. */
  readonly runtime?: Runtime | undefined;
}

/** A game as the manager serves it. The state is frozen. */
export interface LoadedGame<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** True when the cache could not be asked, so that something newer may exist. */
  readonly stale: boolean;
}

/** The next state, or with log entries; the very same state reference writes nothing. */
export type ReducerResult<State> = State | { readonly state: State; readonly log: readonly JsonValue[] };
/** Synchronous and pure; may run more than once. The state is frozen. A throw changes nothing and reaches the caller. */
export type Reducer<State> = (state: State) => ReducerResult<State>;

export interface UpdateOptions<Tx> extends StoreOptions<Tx> {
  /** Default `writeBehind`; raised to `durable` at a turn boundary and at the end. */
  readonly durability?: Durability | undefined;
  /** Write only over this version; a conflict is then returned as RevisionConflict and never reduced again. */
  readonly expectedVersion?: Version | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

export interface UpdateResult<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** The level that was reached. */
  readonly durability: Durability;
  /** False if the reducer returned the same reference, or the write id had been applied before. */
  readonly written: boolean;
  /** True if this write id had been applied before; `state` is then the current one. */
  readonly duplicate: boolean;
}

export interface CreateFacts {
  readonly gameType: GameType;
  readonly playerIds: readonly string[];
  readonly npcId?: string | null | undefined;
  /** Overrides the state's rules in the record, also when it is `{}`. */
  readonly rulesConfig?: JsonValue | undefined;
}

export interface CreateGameOptions<Tx> extends StoreOptions<Tx>, CreateFacts {
  readonly writeId?: WriteId | undefined;
}

/** The store's record of a live or ended game, without its state. */
export type ActiveGameRecord = ActiveGameSummary;

export interface PersistOptions<Tx> extends StoreOptions<Tx>, Partial<CreateFacts> {
  /** The version that the state was made from; default: the one this process last read or wrote. */
  readonly version?: Version | undefined;
  readonly writeId?: WriteId | undefined;
}

export interface SaveToCacheOptions extends CallOptions {
  readonly version?: Version | undefined;
  readonly writeId?: WriteId | undefined;
}

export interface GameEndResult<View> {
  readonly gameId: string;
  /** Player ids as in the state; both `null` in a draw or when nobody won. */
  readonly winner: string | null;
  readonly loser: string | null;
  readonly outcome: Outcome;
  /** The final view of each player, by player id. */
  readonly finalViews: Readonly<Record<string, View>>;
  readonly durationSeconds: number;
  readonly turnCount: number;
  readonly historyId: string;
}

export interface ArchiveOptions<State, Tx> extends StoreOptions<Tx> {
  /** Used where no active row exists. */
  readonly state?: State | undefined;
  readonly winnerId: string | null;
  readonly winnerIsNpc: boolean;
  readonly endReason: EndReason;
  /** Extra fields for the replay; may not be named initialState, log, rules or finalState. */
  readonly replayData?: Readonly<Record<string, JsonValue>> | undefined;
}

export interface ArchiveResult {
  readonly success: boolean;
  readonly gameId: string;
  readonly historyId: string;
  readonly durationSeconds: number;
  readonly turnCount: number;
  readonly gameType: GameType;
}

/**
 * What becomes of a game whose time is over, at this service time: as a reducer of an update. The very same state
 * writes nothing.
 */
export type OnDue<State> = (state: State, serviceMs: number) => ReducerResult<State>;

export interface DeadlineResult {
  /** Games that were written. */
  readonly enforced: number;
  readonly failed: readonly { readonly gameId: string; readonly error: Error }[];
}

export interface RecoveryProgress {
  readonly done: number;
  readonly total: number;
}

export interface RecoveryOptions extends CallOptions {
  readonly onProgress?: ((progress: RecoveryProgress) => void) | undefined;
  /** Counts what would be done; loads, fences and installs nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface RecoveryResult {
  readonly recovered: number;
  readonly alreadyThere: number;
  readonly failed: readonly { readonly gameId: string; readonly error: Error }[];
  readonly total: number;
}

export interface ExpiryResult {
  readonly expired: number;
  readonly failed: readonly { readonly gameId: string; readonly error: Error }[];
}

/** One round of the flusher or of a sweep. */
export interface FlushRound {
  readonly written: number;
  readonly contained: number;
  readonly failed: number;
}

/** A step of a replay, as one viewer may see it. */
export interface Replay {
  readonly record: GameHistoryRecord;
  readonly initialView: unknown;
  readonly finalView: unknown;
  /** The log, for viewers who may see it: participants of the finished game. `null` for others. */
  readonly log: readonly JsonValue[] | null;
  readonly rules: JsonValue;
}

/** A finished game's replay as it is; states that history does not have are `null`. */
export interface ReplayStates<State> {
  readonly record: GameHistoryRecord;
  readonly initialState: State | null;
  readonly finalState: State | null;
  readonly log: readonly JsonValue[];
  readonly rules: JsonValue;
}

/** A new version of a game, from any server; `ended` when it was archived, deleted or evicted. */
export type WatchedGame<State> = LoadedGame<State> | { readonly status: "gone"; readonly gameId: string };

/**
 * Keeps games. All calls may run at once, from any number of processes. Every call checks its input first and throws
 * InvalidGameId, InvalidInput or InvalidState before anything is stored; NotRunning before `start` and after `close`.
 */
export interface GameStateManager<State extends object, View = unknown, Tx = unknown> {
  readonly events: ManagerEvents;
  /** Connects and checks both stores, and starts the flusher. */
  start(): Promise<void>;
  /** Takes no new calls, flushes what this process knows to be dirty, closes what it opened. Safe to call twice. */
  close(): Promise<void>;

  createGame(state: State, options: CreateGameOptions<Tx>): Promise<LoadedGame<State>>;
  loadState(gameId: string, options?: StoreOptions<Tx>): Promise<LoadedGame<State> | null>;
  update(gameId: string, reducer: Reducer<State>, options?: UpdateOptions<Tx>): Promise<UpdateResult<State>>;

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
  deleteGame(gameId: string, options?: StoreOptions<Tx>): Promise<boolean>;

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
  enforceDeadlines(onDue: OnDue<State>, options?: CallOptions): Promise<DeadlineResult>;
  /**
   * The service time in ms: it stands still while the service is away, goes on otherwise, and never goes back.
   * @throws NotRunning unless this manager runs the service clock
   */
  serviceTime(): number;
  /** Archives what was sealed and never archived; the daemon calls it. Returns how many. */
  finishEndings(options?: CallOptions): Promise<number>;

  getActiveGameCount(options?: StoreOptions<Tx>): Promise<number>;
  getPlayerActiveGames(
    playerId: string,
    page?: PageRequest,
    options?: StoreOptions<Tx>,
  ): Promise<Page<ActiveGameRecord>>;
  getPlayerHistory(playerId: string, page?: PageRequest, options?: StoreOptions<Tx>): Promise<Page<GameHistoryRecord>>;
  getReplay(gameId: string, viewer: Viewer, options?: StoreOptions<Tx>): Promise<Replay | null>;
  /** The same for those who redact themselves: whole states, and the log. `null` where history has no such game. */
  getReplayStates(gameId: string, options?: StoreOptions<Tx>): Promise<ReplayStates<State> | null>;
  /** Log entries from number `from` (default 1) on, also those that only the cache has. Not redacted. */
  getLog(gameId: string, from?: number, options?: StoreOptions<Tx>): Promise<readonly JsonValue[]>;
  /**
   * New versions from every server, coalescing to the newest; begins with the current one, ends when `signal` fires.
   * All who watch a game here share one subscription and get the same objects. While a store is away it waits.
   * @throws in the iteration, what keeps the game from being read: GameQuarantined, GameOrphaned, UnsupportedSchema
   */
  watch(gameId: string, options?: CallOptions): AsyncIterable<WatchedGame<State>>;
}
