import type { GameId } from "../game-id.js";
import type { GameType, Outcome } from "../outcome.js";
import type { Fence, Version } from "../version.js";
import type { WriteId } from "../write-id.js";
import type {
  ActiveGame,
  EntryText,
  GameFacts,
  GameHistoryRecord,
  GameMetadata,
  ListedGame,
  StateText,
  StoredStatus,
  UnflushedCopy,
} from "./records.js";

/* What a store is asked, and what it replies. */

export interface NewGame extends GameFacts {
  readonly gameId: GameId;
  readonly state: StateText;
  readonly schemaVersion: number;
  readonly turnNumber: number;
  readonly dueAt: number | null;
  readonly writeId: WriteId;
  /** JSON text; default none. */
  readonly metadata?: string | null | undefined;
}

/** A change of a game's metadata, made from this version of it. */
export interface MetadataRequest {
  readonly base: string;
  /** JSON text. */
  readonly metadata: string;
}

/** `newer`: the row has what the change was not made from, and is as it was. */
export type MetadataReply =
  | ({ readonly kind: "written" | "newer" } & GameMetadata)
  | Exclude<LoadReply, { kind: "row" }>;

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
 * What became of one flushed copy. `written`; where `logHasGap`, entries between the row's log and the copy's tail are
 * missing, as after a restore of the store. `contained`: the row has it (`rowVersion`), or remembers the write id; `fork`: the
 * row has what the copy lacks (`containsRow`), so the copy must be reset; `fence`: adopt `fence`, then flush again;
 * `gone`: archived or deleted, evict; `quarantined`: evict; `orphan`: there is no row.
 */
export type FlushOutcome = { readonly gameId: GameId } & (
  | { readonly kind: "written"; readonly logHasGap?: true }
  | { readonly kind: "contained"; readonly rowVersion: Version }
  | { readonly kind: "fork"; readonly rowVersion: Version }
  | { readonly kind: "fence"; readonly fence: Fence }
  | { readonly kind: "gone"; readonly status: "archived" | "deleted" }
  | { readonly kind: "quarantined" }
  | { readonly kind: "orphan" }
);

/** The same; `locked`: another transaction holds the row, and nothing was done. */
export type FlushReply = FlushOutcome | { readonly gameId: GameId; readonly kind: "locked" };

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
  /** The game's metadata as it was at its end, JSON text; `null` if there was none. */
  readonly metadata: string | null;
}

/** A page of a listing by id: at most `limit` ids after this one, which need not be there; `null`: from the first. */
export interface IdPage {
  readonly after: GameId | null;
  readonly limit: number;
}

/** Which games a listing of all gives: those that pass each condition that is given. */
export interface GameFilter {
  readonly gameType?: GameType | undefined;
  /** Default: any. */
  readonly statuses?: readonly ListedGame["status"][] | undefined;
  readonly rulesVersion?: number | undefined;
  /** Bounds of `updatedAt`, in ms since the epoch; neither is within. */
  readonly updatedAfter?: number | undefined;
  readonly updatedBefore?: number | undefined;
}

/** A page of a listing looks at so many games at most, and so may be short, or empty, before the end. */
export const gamesInListedPage = 1_000;

/**
 * Which games a listing by id gives. `active`: live and ended; `ended`: those that wait for their archive; `idleForMs`:
 * live games whose row has had no activity for so long, by the store's clock; `dueBy`: live games whose row is due at
 * this service time or before.
 */
export type IdFilter = "active" | "ended" | { readonly idleForMs: number } | { readonly dueBy: number };
