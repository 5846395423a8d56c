import type { GameId } from "../game-id.js";
import type { GameType, Outcome } from "../outcome.js";
import type { PlayerId } from "../player-id.js";
import type { Fence, Version } from "../version.js";
import type { WriteIds } from "../write-id.js";

/** A game state as JSON text. Adapters pass it through and never decode it. */
export type StateText = string;

/** One log entry as JSON text. */
export type EntryText = string;

/** What changes with every write of a game, and travels between cache and store as one. */
export interface GameCopy {
  readonly gameId: GameId;
  /** `ended`: sealed, takes no more writes, waits for its archive. */
  readonly status: "live" | "ended";
  readonly version: Version;
  /** The fence under which this copy was loaded. */
  readonly fence: Fence;
  readonly state: StateText;
  readonly schemaVersion: number;
  readonly turnNumber: number;
  /** When a player runs out of time, in ms of service time; `null` if no deadline applies. */
  readonly dueAt: number | null;
  /** Number of log entries up to this version; the newest has this number. */
  readonly logCount: number;
  readonly writeIds: WriteIds;
  /** Set once sealed. */
  readonly outcome: Outcome | null;
  /** Last activity, ms since the epoch, by the clock of the store that the copy comes from. */
  readonly lastActionAt: number;
}

/** A row as it was at one moment: every load changes its fence, every write its version. */
export type RowAt = Pick<GameCopy, "gameId" | "version" | "fence">;

/** A copy on its way to the store: with the log entries that the store may lack. */
export interface UnflushedCopy extends GameCopy {
  /**
   * The row's version that this copy's lineage grew from. A row beyond it that is of another lineage was written by a
   * process that did not know of this copy, as an old master's client may: then the copy is a fork.
   */
  readonly base: Version;
  /** What its row says beside it, as far as the cache knows. */
  readonly origin?: GameOrigin | null;
  /** The log's tail: entries numbered from `logCount - entries.length + 1` to `logCount`. */
  readonly entries: readonly EntryText[];
}

/** What is fixed when a game is created and never changes by an update. */
export interface GameFacts {
  readonly gameType: GameType;
  /** The humans; the NPC stands beside them. */
  readonly playerIds: readonly PlayerId[];
  readonly npcId: string | null;
  /** The rules in force, as JSON text. */
  readonly rules: string;
  /** The version of the game's rules that it began under. */
  readonly rulesVersion: number;
}

/** What of a game's row no write changes. */
export interface GameOrigin extends GameFacts {
  /** ms since the epoch, by the store's clock. */
  readonly startedAt: number;
}

/** The largest metadata of a game, in bytes of UTF-8. */
export const maxMetadataBytes = 16_384;

/**
 * What stands beside a game's state and changes without a turn, such as names and seats. The row decides: it takes a
 * change that was made from what it has, or from something newer. A copy mirrors it, and of two the higher version counts.
 */
export interface GameMetadata {
  /** JSON text; `null` if there never was any. */
  readonly metadata: string | null;
  /** A decimal text that the store draws, by its clock and above the last one; `0` if there never was any. */
  readonly metadataVersion: string;
}

/** How far a row is. */
export type RowVersions = Pick<ActiveGame, "version" | "metadataVersion">;

/** A live or ended game's row, whole. */
export interface ActiveGame extends GameCopy, GameOrigin, GameMetadata {}

/** A copy that says all that its row would. */
export interface CopyWithOrigin extends UnflushedCopy {
  readonly origin: GameOrigin;
  /** What stands beside the state, where it is known; default none. */
  readonly metadata?: string | null | undefined;
}

/** A live or ended game's row without its state, for lists. */
export type ActiveGameSummary = Omit<ActiveGame, "state" | "writeIds" | "rules" | keyof GameMetadata>;

/** A finished game, without its replay; the game's id is the record's. */
export interface GameHistoryRecord {
  readonly gameId: GameId;
  readonly gameType: GameType;
  readonly playerIds: readonly string[];
  readonly npcId: string | null;
  readonly outcome: Outcome;
  /** The version of the rules that its log and states are of. */
  readonly rulesVersion: number;
  readonly turnCount: number;
  readonly durationSeconds: number;
  /** True if something is missing: entries of the log, or, if no active row existed, players and times as well. */
  readonly incomplete: boolean;
  /** ms since the epoch: when it started, and when it was archived. */
  readonly playedAt: number;
  readonly endedAt: number;
}

/** Where a game is, as far as the store knows. */
export type StoredStatus = "live" | "ended" | "archived" | "deleted" | "quarantined" | "missing";

/** What a store has of one game. */
export interface StoredFacts {
  readonly gameId: GameId;
  readonly status: Exclude<StoredStatus, "missing">;
  /** Of the row or the tombstone; `null` where only history is left. */
  readonly version: Version | null;
  /** When it was archived or deleted, as long as there is a tombstone: ms since the epoch, by the store's clock. */
  readonly closedAt: number | null;
  /** Whether history has a record of it. */
  readonly inHistory: boolean;
  /** Of a game that is live, ended or quarantined. */
  readonly row: RowFacts | null;
}

/** A quarantined game: its row as it was, why it is quarantined, and the bytes that could not be read or stored. */
export interface QuarantinedGame extends RowAt {
  readonly reason: string | null;
  readonly kept: Uint8Array;
  readonly state: StateText | null;
}

/** What the row of a game says, without rules and write ids. */
export interface RowFacts extends Omit<ActiveGameSummary, "gameId" | "status" | "outcome"> {
  /** How many log entries are stored, without the initial state. */
  readonly storedEntries: number;
  /** The number of the newest of them; 0 if there is none. */
  readonly newestEntry: number;
  /** Why it is quarantined, and how many bytes were kept that could not be read; `null` if it is not. */
  readonly quarantine: { readonly reason: string | null; readonly bytes: number } | null;
  /** Bytes of the state's text. */
  readonly stateBytes: number;
  /** `null` unless it was asked for. */
  readonly state: StateText | null;
}

/** What a listing of all games says of one of them: of its row, or, for an archived one, of its history. */
export interface ListedGame extends Omit<GameFacts, "rules"> {
  readonly gameId: GameId;
  readonly status: Exclude<StoredStatus, "missing" | "deleted">;
  readonly turnNumber: number;
  readonly outcome: Outcome | null;
  /** ms since the epoch, by the store's clock: when it began, and its last activity that the store knows, or its end. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** A page of a keyset listing; `next` goes into the next call and is `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Which page: at most `limit` items (default 50, at most 500) after the cursor of the page before. */
export interface PageRequest {
  readonly limit?: number;
  readonly after?: string | null;
}
