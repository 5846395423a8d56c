import { isTurnkeepError, type JsonValue, systemRuntime, TurnkeepError, thaw, toKeepable } from "@turnkeep/core";
import { createGameStateManager, type ManagerOptions } from "@turnkeep/manager";
import type { LogEntry, Server, State, StorageAPI } from "boardgame.io";
import { ChangeQueues } from "./change-queues.js";
import type { Change } from "./changes.js";
import { listMatches } from "./list-matches.js";
import { type MatchDocument, matchGame } from "./match-game.js";
import { isMatchId } from "./match-id.js";
import { type FinishedMatch, type LiveMatch, type Manager, Matches } from "./matches.js";
import { RecentReads } from "./recent-reads.js";
import { type OnError, UntilAnswered } from "./until-answered.js";

/** Cache, store, and the settings of a manager. */
export interface BoardgameStorageOptions<Tx> extends Omit<ManagerOptions<MatchDocument, null, Tx>, "game"> {
  /** Called with what could not be done and was done without; default: `console.error`. */
  readonly onError?: OnError | undefined;
}

/** boardgame.io says 1 for a storage whose calls are asynchronous. */
const asynchronous = 1;

/**
 * A storage for boardgame.io's `Server` (`db`). No call rejects but `connect`, and `setMetadata` for a seat that another
 * player has just taken: while a store is away a call waits, and what cannot be done is reported to `onError`. Any number
 * of servers may share the stores.
 * @throws InvalidInput for unknown settings, or values out of their bounds
 */
export function createBoardgameStorage<Tx>(options: BoardgameStorageOptions<Tx>): BoardgameStorage {
  return new BoardgameStorage(options as BoardgameStorageOptions<unknown>);
}

export class BoardgameStorage implements StorageAPI.Async {
  readonly #manager: Manager;
  readonly #matches: Matches;
  readonly #answers: UntilAnswered;
  readonly #queues: ChangeQueues;
  readonly #recent: RecentReads;
  readonly #randomId: () => string;
  /** Metadata as it was read, by the objects that were handed out. */
  readonly #bases = new WeakMap<object, JsonValue>();
  #connected: Promise<void> | null = null;

  constructor({ onError = logError, ...options }: BoardgameStorageOptions<unknown>) {
    const { runtime = systemRuntime } = options;
    this.#manager = createGameStateManager({ ...options, game: matchGame });
    this.#matches = new Matches(this.#manager, options.store);
    this.#answers = new UntilAnswered(runtime, onError);
    this.#queues = new ChangeQueues((matchId, changes) => this.#write(matchId, changes), runtime);
    this.#recent = new RecentReads(runtime);
    this.#randomId = runtime.randomId;
  }

  type(): StorageAPI.Async["type"] extends () => infer Type ? Type : never {
    return asynchronous as never;
  }

  /** Connects and checks both stores; twice is once. @throws Misconfigured, CacheUnavailable, StoreUnavailable */
  connect(): Promise<void> {
    this.#connected ??= this.#manager.start();
    return this.#connected;
  }

  /** Lets what is under way finish, flushes, and closes both stores. What waits for a store that is away is given up. */
  async close(): Promise<void> {
    this.#answers.close();
    await this.#queues.idle();
    await this.#manager.close();
  }

  /** Creates a match, durably. One that is there stays as it is, and gains only what it lacks. */
  async createMatch(matchID: string, { initialState, metadata }: StorageAPI.CreateMatchOpts): Promise<void> {
    const changes = this.#changes("createMatch", matchID, () => [
      ...(initialState === undefined ? [] : [stateChange(initialState, [], true)]),
      ...(metadata === undefined ? [] : [metadataChange(metadata, null, true)]),
    ]);
    if (changes === null) return;
    const writeId = this.#randomId();
    await this.#queues.inTurn(matchID, () =>
      this.#do("createMatch", matchID, () => this.#matches.create(matchID, changes, writeId)),
    );
  }

  /**
   * Keeps a state and appends to the log. One whose `_stateID` is not above the kept one is ignored, with its log; where
   * either has none, the later call counts. At a new turn it is durable.
   */
  async setState(matchID: string, state: State, deltalog: readonly LogEntry[] = []): Promise<void> {
    const changes = this.#changes("setState", matchID, () => [stateChange(state, deltalog, false)]);
    if (changes !== null) await this.#queues.add(matchID, ...changes);
  }

  /**
   * Keeps metadata as it is. If it was fetched, changed and is set, then what others have changed meanwhile stays.
   * @throws an error with the status 409 if it takes a seat that another player has taken meanwhile
   */
  async setMetadata(matchID: string, metadata: Server.MatchData): Promise<void> {
    const changes = this.#changes("setMetadata", matchID, () => {
      const change = metadataChange(metadata, this.#baseOf(metadata), false);
      this.#handOut(metadata, change.metadata);
      return [change];
    });
    if (changes === null) return;
    await this.#queues.add(matchID, ...changes);
    for (const change of changes) {
      if (change.kind === "metadata" && change.takenSeat !== null) throw seatTaken(matchID, change.takenSeat);
    }
  }

  /**
   * What is asked for, as far as there is a match; objects that the caller may change. One that asks for state and log is
   * a page that connects. boardgame.io sends it moves from its answer on, so the answer has each move that was sent before.
   */
  async fetch<O extends StorageAPI.FetchOpts>(matchID: string, options: O): Promise<StorageAPI.FetchResult<O>> {
    const read = () => this.#answers.run("fetch", matchID, () => this.#fetch(matchID, options));
    const connects = options.state === true && options.log === true;
    const fetched = !isMatchId(matchID) ? {} : await (connects ? this.#queues.readBetween(matchID, read) : read());
    return (fetched ?? {}) as StorageAPI.FetchResult<O>;
  }

  /** Removes a match, also one that is over. Twice is once. */
  async wipe(matchID: string): Promise<void> {
    if (!isMatchId(matchID)) return;
    await this.#queues.inTurn(matchID, () => this.#do("wipe", matchID, () => this.#matches.wipe(matchID)));
  }

  /** Ids of the matches that pass, finished ones among them. */
  async listMatches(options: StorageAPI.ListMatchesOpts = {}): Promise<string[]> {
    const list = () => listMatches(this.#manager, this.#matches, options);
    return (await this.#answers.run("listMatches", null, list)) ?? [];
  }

  /** The name that boardgame.io had for `createMatch`. */
  createGame(matchID: string, options: StorageAPI.CreateGameOpts): Promise<void> {
    return this.createMatch(matchID, options);
  }

  /** The name that boardgame.io had for `listMatches`. */
  listGames(options: StorageAPI.ListGamesOpts = {}): Promise<string[]> {
    return this.listMatches(options);
  }

  async #fetch(matchId: string, options: StorageAPI.FetchOpts): Promise<Record<string, unknown>> {
    const { state, metadata, log, initialState } = options;
    const stateAlone = state === true && !metadata && !log && !initialState;
    const recent = stateAlone ? this.#recent.take(matchId) : undefined;
    const keep = metadata && !state ? this.#recent.begin(matchId) : undefined;
    const match = recent ?? (await this.#matches.find(matchId));
    if (match.kind === "none") return {};
    if (match.kind === "live") {
      // A move on an older state would be refused; so the caller waits for the cache.
      if (match.stale && state) throw new TurnkeepError("CacheUnavailable", "it may be older", { fate: "notDone" });
      keep?.(match);
    }
    const result: Record<string, unknown> = {};
    if (state) set(result, "state", match.document.state);
    if (metadata) {
      const kept = match.kind === "live" ? match.document.metadata : match.metadata;
      set(result, "metadata", kept);
      if (kept !== undefined) this.#handOut(result.metadata, kept);
    }
    if (log) set(result, "log", await this.#log(matchId, match));
    if (initialState) set(result, "initialState", await this.#initialState(match));
    return result;
  }

  async #initialState(match: LiveMatch | FinishedMatch): Promise<JsonValue | undefined> {
    return match.kind === "live" ? this.#matches.initialState(match.gameId) : match.initialState;
  }

  /** A log with a gap, as after a restore of the store, keeps no match from being played. */
  async #log(matchId: string, match: LiveMatch | FinishedMatch): Promise<JsonValue> {
    if (match.kind === "finished") return match.log.slice(0, match.document.logCount);
    const log = await this.#answers.run("fetch", matchId, async () => {
      try {
        return await this.#matches.log(match);
      } catch (error) {
        if (isTurnkeepError(error, "GameGone") || isTurnkeepError(error, "GameNotFound")) return [];
        throw error;
      }
    });
    return log ?? [];
  }

  async #write(matchId: string, changes: readonly Change[]): Promise<void> {
    const writeId = this.#randomId();
    const method = changes.some(({ kind }) => kind === "state") ? "setState" : "setMetadata";
    await this.#do(method, matchId, () => this.#matches.change(matchId, changes, writeId));
  }

  async #do(method: string, matchId: string, work: () => Promise<void>): Promise<void> {
    this.#recent.drop(matchId);
    await this.#answers.run(method, matchId, work);
    this.#recent.drop(matchId);
  }

  /** Copies what the caller may change later; `null`, and reported, if it cannot be kept. */
  #changes(method: string, matchID: unknown, copy: () => Change[]): Change[] | null {
    try {
      if (isMatchId(matchID)) return copy();
      throw new TurnkeepError("InvalidInput", "a match's id is a text of 1 to 122 characters", { issues: ["matchID"] });
    } catch (error) {
      this.#answers.report(error, method, typeof matchID === "string" ? matchID : null);
      return null;
    }
  }

  /** Remembers what an object was read as. boardgame.io copies metadata at each move, and passes the same players on. */
  #handOut(metadata: unknown, base: JsonValue): void {
    for (const part of [metadata, playersOf(metadata)]) if (isAnObject(part)) this.#bases.set(part, base);
  }

  #baseOf(metadata: unknown): JsonValue | null {
    for (const part of [metadata, playersOf(metadata)]) {
      const base = isAnObject(part) ? this.#bases.get(part) : undefined;
      if (base !== undefined) return base;
    }
    return null;
  }
}

function stateChange(state: unknown, log: readonly unknown[], onlyFirst: boolean): Change {
  return {
    kind: "state",
    state: toKeepable(state) as JsonValue,
    log: log.map((entry) => toKeepable(entry) as JsonValue),
    onlyFirst,
  };
}

function metadataChange(metadata: unknown, base: JsonValue | null, onlyFirst: boolean) {
  return {
    kind: "metadata",
    metadata: toKeepable(metadata) as JsonValue,
    base,
    onlyFirst,
    takenSeat: null,
  } satisfies Change;
}

function set(result: Record<string, unknown>, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) result[key] = thaw<unknown>(value);
}

function isAnObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function playersOf(metadata: unknown): unknown {
  return isAnObject(metadata) && "players" in metadata ? metadata.players : undefined;
}

/** The lobby answers with the status of an error; only it changes seats. */
function seatTaken(matchID: string, seat: string): Error {
  return Object.assign(new Error(`Player ${seat} of match ${matchID} not available`), { status: 409, expose: true });
}

const logError: OnError = (error, { method, matchID }) => {
  console.error(`turnkeep: ${method} of match ${matchID ?? "(all)"} was not done:`, error);
};
