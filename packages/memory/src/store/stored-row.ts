import type { Version, WriteIds } from "@turnkeep/core";
import type { ActiveGame, EntryText, GameHistoryRecord, StateText } from "@turnkeep/core/ports";

export interface LogEntry {
  readonly seq: number;
  readonly entry: EntryText;
}

/** A live or ended game's row, with its log. Rows are replaced, never changed. */
export interface ActiveRow {
  readonly status: "live" | "ended";
  readonly game: ActiveGame;
  /** `null` where the store has lost it. */
  readonly initialState: StateText | null;
  readonly log: readonly LogEntry[];
}

/** A quarantined game: the row as it was, the reason, and the bytes that could not be read. */
export interface QuarantinedRow extends Omit<ActiveRow, "status"> {
  readonly status: "quarantined";
  readonly reason: string;
  readonly unreadable: Uint8Array;
}

/** What is left of a finished or deleted game, so that nothing late brings it back, and a late retry is recognised. */
export interface Tombstone {
  readonly status: "archived" | "deleted";
  readonly since: number;
  readonly version: Version;
  readonly writeIds: WriteIds;
}

export type StoredRow = ActiveRow | QuarantinedRow | Tombstone;

export interface HistoryRow {
  readonly record: GameHistoryRecord;
  readonly replay: string;
  readonly metadata: string | null;
}

export interface Lease {
  readonly holder: string;
  readonly expiresAt: number;
}

export function isActive(row: StoredRow | undefined): row is ActiveRow {
  return row?.status === "live" || row?.status === "ended";
}

/** What stays of a row once the game is over or deleted. */
export function tombstoneOf(
  { game }: ActiveRow | QuarantinedRow,
  status: Tombstone["status"],
  since: number,
): Tombstone {
  return { status, since, version: game.version, writeIds: game.writeIds };
}

/** The row with these fields changed. */
export function withGame(row: ActiveRow, changes: Partial<ActiveGame>): ActiveRow {
  const game = { ...row.game, ...changes };
  return { ...row, status: game.status, game };
}

/** The row with those of these entries that it lacks; `logCount` is the number of the last one. */
export function appendEntries(row: ActiveRow, entries: readonly EntryText[], logCount: number): ActiveRow {
  const first = logCount - entries.length + 1;
  const last = row.log.at(-1)?.seq ?? 0;
  const missing = entries.map((entry, n) => ({ seq: first + n, entry })).filter(({ seq }) => seq > last);
  return { ...row, log: missing.length === 0 ? row.log : [...row.log, ...missing] };
}
