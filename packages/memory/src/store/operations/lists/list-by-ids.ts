import { assertGameId, type GameId } from "@turnkeep/core";
import {
  copyBytes,
  digestOf,
  documentOf,
  type IdPage,
  type RowFacts,
  type RowVersions,
  type StoredFacts,
  type StoreInspectOptions,
} from "@turnkeep/core/ports";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { type ActiveRow, isActive, type QuarantinedRow } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";
import { statusOf } from "../game/status.js";

/** The versions of those games that are live or ended, and of their metadata. */
export function listVersions(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): ReadonlyMap<GameId, RowVersions> {
  const transaction = db.check(options, ...gameIds);
  const versions = new Map<GameId, RowVersions>();
  for (const gameId of gameIds) {
    const row = db.space.rows.get(gameId, transaction);
    if (!isActive(row)) continue;
    const { version, metadataVersion } = row.game;
    versions.set(gameId, { version, metadataVersion });
  }
  return versions;
}

/** Ids of those games that are archived or deleted. */
export function listGone(db: Database, gameIds: readonly GameId[], options?: CallOptions): readonly GameId[] {
  const transaction = db.check(options, ...gameIds);
  return gameIds.filter((gameId) => ["archived", "deleted"].includes(statusOf(db.space, gameId, transaction)));
}

/** What is stored of these games, or of a page of them; fences nothing. */
export function inspect(
  db: Database,
  which: readonly GameId[] | IdPage,
  options: StoreInspectOptions<MemoryTransaction> = {},
): readonly StoredFacts[] {
  const named = "limit" in which ? [] : which;
  const transaction = db.check(options, ...named);
  const { space } = db;
  const factsOf = (gameId: GameId): StoredFacts[] => {
    const status = statusOf(space, gameId, transaction);
    const row = space.rows.get(gameId, transaction);
    const inHistory = space.history.get(gameId, transaction) !== undefined;
    if (status === "missing") return [];
    if (row === undefined) return [{ gameId, status, version: null, closedAt: null, inHistory, row: null }];
    return "game" in row
      ? [{ gameId, status, version: row.game.version, closedAt: null, inHistory, row: toRowFacts(row, options.states) }]
      : [{ gameId, status, version: row.version, closedAt: row.since, inHistory, row: null }];
  };
  if (!("limit" in which)) return [...new Set(named)].flatMap(factsOf);
  const { after, limit } = which;
  assertWhole("limit", limit, 1);
  if (after !== null) assertGameId(after);
  const kept = space.rows.entries(transaction).filter(([id, row]) => "game" in row && (after === null || id > after));
  return kept.slice(0, limit).flatMap(([id]) => factsOf(id));
}

/** Digests of those of these games of whose row nothing is wrong. */
export function digests(db: Database, gameIds: readonly GameId[], options?: CallOptions): ReadonlyMap<GameId, string> {
  const found = new Map<GameId, string>();
  for (const { gameId, status, inHistory, row } of inspect(db, gameIds, { ...options, states: true })) {
    if (status !== "live" || inHistory || row?.state == null || documentOf(row.state) === null) continue;
    const { storedEntries, newestEntry, logCount, state } = row;
    if (storedEntries === logCount && newestEntry === logCount) found.set(gameId, digestOf({ ...row, state }));
  }
  return found;
}

function toRowFacts(row: ActiveRow | QuarantinedRow, states = false): RowFacts {
  const { gameId: _id, status: _status, outcome: _o, state, writeIds: _w, rules: _r, ...rest } = row.game;
  const { metadata: _m, metadataVersion: _v, ...facts } = rest;
  const entries = row.log.filter(({ seq }) => seq > 0);
  return {
    ...facts,
    storedEntries: entries.length,
    newestEntry: entries.at(-1)?.seq ?? 0,
    quarantine: row.status === "quarantined" ? { reason: row.reason, bytes: row.unreadable.length } : null,
    stateBytes: copyBytes({ state, entries: [] }),
    state: states ? state : null,
  };
}
