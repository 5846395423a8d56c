import { type Codec, createCodec, type GameDefinition, type GameId, type JsonValue, playsRules } from "@turnkeep/core";
import {
  type Cache,
  type CopyFacts,
  documentOf,
  type GameHistoryRecord,
  type Store,
  type StoredFacts,
} from "@turnkeep/core/ports";
import { batchesOf } from "./batches-of.js";
import { listHistory } from "./history/list-history.js";
import { largestStateBytes } from "./history/read-replay.js";
import { readDocument, reasonOf } from "./read-document.js";

/** Where a document is kept. */
export type DocumentPlace = "row" | "copy" | "log" | "history";

/** Documents of one schema version in one place that were read and can be read. */
export interface ReadDocuments {
  readonly place: DocumentPlace;
  /** `null`: log entries, which have none. */
  readonly schemaVersion: number | null;
  readonly count: number;
}

/** A document that this version cannot read, or whose game it does not play. */
export interface UnreadableDocument {
  readonly place: DocumentPlace;
  readonly gameId: GameId;
  /** As the document says; `null` where it says none. */
  readonly schemaVersion: number | null;
  /** Why, without anything of the document. */
  readonly reason: string;
}

export interface CanaryProgress {
  readonly games: number;
  /** How many games are live or ended, as counted at the beginning; of finished ones the number is not known. */
  readonly total: number;
  /** Where another run can go on; `null` at the end. */
  readonly cursor: string | null;
}

export type CanaryEvent =
  | { readonly kind: "progress"; readonly progress: CanaryProgress; readonly read: readonly ReadDocuments[] }
  | { readonly kind: "unreadable"; readonly document: UnreadableDocument };

export interface CanaryOptions<State> {
  /**
   * Also finished games: their states are read, and their logs replayed by this, which has to give the final state.
   * Default: none.
   */
  readonly replay?: ((state: State, entry: JsonValue) => State) | undefined;
  /** Where an earlier run left off. */
  readonly cursor?: string | null | undefined;
  /** @default 200 */
  readonly pageGames?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CanaryPorts {
  readonly cache: Pick<Cache, "inspect">;
  readonly store: Pick<Store, "inspect" | "countActive" | "readLog" | "readReplay" | "listHistory" | "now">;
}

/** Games whose logs or replays are read side by side. */
const gamesAtOnce = 8;
const pageEntries = 1_000;

/**
 * Reads every document of games that are not over, as this process reads them: upcast and validated, states in the store
 * and in the cache, and log entries; in memory that does not grow with their number. It writes nothing and fences nothing.
 * Quarantined games are left out.
 * @throws InvalidInput for a cursor that is none; StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* canary<State extends object>(
  ports: CanaryPorts,
  game: GameDefinition<State, unknown>,
  options: CanaryOptions<State> = {},
): AsyncGenerator<CanaryEvent> {
  const { replay, cursor = null, pageGames = 200, signal } = options;
  const total = await ports.store.countActive({ signal });
  const reader = new Reader(game, ports, replay, signal);
  const inHistory = cursor?.startsWith("history:") ?? false;
  let games = 0;
  for (let after = inHistory ? null : cursor; !inHistory; ) {
    const rows: readonly StoredFacts[] = await ports.store.inspect(
      { after, limit: pageGames },
      { states: true, signal },
    );
    await reader.readPage(rows);
    games += rows.length;
    after = rows.at(-1)?.gameId ?? null;
    const isLast = rows.length < pageGames || after === null;
    yield* reader.report({ games, total, cursor: isLast ? (replay && "history:") || null : after });
    if (isLast) break;
  }
  if (replay === undefined) return;
  const from = inHistory ? cursor?.slice("history:".length) || null : null;
  const finished = listHistory(ports.store, {}, { cursor: from, pageGames, signal });
  for await (const batch of batchesOf(finished, gamesAtOnce)) {
    await Promise.all(batch.map(({ record }) => reader.readFinished(record)));
    games += batch.length;
    const next = batch.at(-1)?.cursor;
    if (next) yield* reader.report({ games, total: Math.max(total, games), cursor: `history:${next}` });
  }
  yield* reader.report({ games, total: Math.max(total, games), cursor: null });
}

/** Reads documents, and keeps what came of it until it is reported. */
class Reader<State extends object> {
  readonly #game: GameDefinition<State, unknown>;
  readonly #codec: Codec<State>;
  readonly #ports: CanaryPorts;
  readonly #replay: CanaryOptions<State>["replay"];
  readonly #signal: AbortSignal | undefined;
  readonly #read = new Map<string, ReadDocuments>();
  #unreadable: UnreadableDocument[] = [];

  constructor(
    game: GameDefinition<State, unknown>,
    ports: CanaryPorts,
    replay: CanaryOptions<State>["replay"],
    signal: AbortSignal | undefined,
  ) {
    this.#game = game;
    this.#codec = createCodec(game, { maxStateBytes: largestStateBytes });
    this.#ports = ports;
    this.#replay = replay;
    this.#signal = signal;
  }

  async readPage(rows: readonly StoredFacts[]): Promise<void> {
    const live = rows.filter(({ status }) => status === "live" || status === "ended");
    if (live.length === 0) return;
    const gameIds = live.map(({ gameId }) => gameId);
    const copies = await this.#ports.cache.inspect(gameIds, { states: true, entries: true, signal: this.#signal });
    const copyOf = new Map(copies.map((copy) => [copy.gameId, copy]));
    for (const { gameId, row } of live) {
      if (row?.state) this.#readState("row", gameId, row.state);
      if (row) this.#checkRules("row", gameId, row.rulesVersion);
      this.#readCopy(copyOf.get(gameId), row?.state ?? null);
    }
    for (let first = 0; first < gameIds.length; first += gamesAtOnce) {
      await Promise.all(gameIds.slice(first, first + gamesAtOnce).map((gameId) => this.#readLog(gameId)));
    }
  }

  async readFinished({ gameId, incomplete, rulesVersion }: GameHistoryRecord): Promise<void> {
    const stored = await this.#ports.store.readReplay(gameId, { signal: this.#signal });
    if (stored === null) return;
    const document = documentOf(stored.replay);
    if (document === null) return this.#report("history", gameId, null, "the replay is not a JSON object");
    const { initialState = null, finalState = null, log = [] } = document;
    const [first, last] = [initialState, finalState].map((state) =>
      state === null ? null : this.#readState("history", gameId, JSON.stringify(state)),
    );
    if (incomplete || !first || !last || !Array.isArray(log) || !this.#replay) return;
    if (!this.#checkRules("history", gameId, rulesVersion)) return;
    try {
      const state = (log as JsonValue[]).reduce<State>(this.#replay, first);
      if (JSON.stringify(state) === JSON.stringify(last)) return;
      this.#report("history", gameId, this.#game.schemaVersion, "its log replays to another final state");
    } catch (error) {
      this.#report("history", gameId, this.#game.schemaVersion, `its log cannot be replayed: ${reasonOf(error)}`);
    }
  }

  /** What was read since the last report. */
  *report(progress: CanaryProgress): Generator<CanaryEvent> {
    for (const document of this.#unreadable) yield { kind: "unreadable", document };
    yield { kind: "progress", progress, read: [...this.#read.values()] };
    this.#unreadable = [];
    this.#read.clear();
  }

  #readCopy(copy: CopyFacts | undefined, inRow: string | null): void {
    if (copy === undefined) return;
    if (copy.state !== null && copy.state !== inRow) this.#readState("copy", copy.gameId, copy.state);
    for (const entry of copy.entries ?? []) this.#readEntry(copy.gameId, entry);
  }

  async #readLog(gameId: GameId): Promise<void> {
    for (let from = 0; ; ) {
      const request = { from, limit: pageEntries };
      const page = await this.#ports.store.readLog(gameId, request, { signal: this.#signal });
      for (const { seq, entry } of page) {
        if (seq === 0) this.#readState("log", gameId, entry);
        else this.#readEntry(gameId, entry);
      }
      if (page.length < pageEntries) return;
      from = (page.at(-1)?.seq ?? from) + 1;
    }
  }

  #readState(place: DocumentPlace, gameId: GameId, text: string): State | null {
    const document = documentOf(text);
    const version = document && this.#game.schemaVersionOf(document);
    const read = readDocument(this.#codec, this.#game, gameId, text);
    if ("unreadable" in read) {
      this.#report(place, gameId, version, read.unreadable);
      return null;
    }
    this.#count(place, version);
    return read.state;
  }

  /** Reports a game that began under rules which this version does not play. */
  #checkRules(place: DocumentPlace, gameId: GameId, version: number): boolean {
    if (playsRules(this.#game, version)) return true;
    const { oldestRulesVersion: oldest, rulesVersion: newest, schemaVersion } = this.#game;
    this.#report(
      place,
      gameId,
      schemaVersion,
      `it began under rules ${version}, and this version plays ${oldest} to ${newest}`,
    );
    return false;
  }

  #readEntry(gameId: GameId, text: string): void {
    try {
      this.#codec.decodeEntry(text);
      this.#count("log", null);
    } catch (error) {
      this.#report("log", gameId, null, reasonOf(error));
    }
  }

  #count(place: DocumentPlace, schemaVersion: number | null): void {
    const key = `${place} ${schemaVersion}`;
    this.#read.set(key, { place, schemaVersion, count: (this.#read.get(key)?.count ?? 0) + 1 });
  }

  #report(place: DocumentPlace, gameId: GameId, schemaVersion: number | null, reason: string): void {
    this.#unreadable.push({ place, gameId, schemaVersion, reason });
  }
}
