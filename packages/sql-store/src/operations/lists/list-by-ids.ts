import { type GameId, isTurnkeepError } from "@turnkeep/core";
import type { IdPage, RowVersions, StoredFacts, StoredStatus, StoreInspectOptions } from "@turnkeep/core/ports";
import type { Transaction } from "sequelize";
import { assertGameIds, idRange } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { milliseconds, type SummaryRow, summaryColumns, toSummary, versionOf } from "../../schema/rows.js";
import type { Tables } from "../../schema/tables.js";

interface VersionsRow {
  readonly id: string;
  readonly lineage: string;
  readonly revision: string;
  readonly metadata_version: string;
}

/** The versions of those games that are live or ended, and of their metadata. $1 ids */
const listVersionsStatement: Statement<VersionsRow> = {
  name: "list-versions",
  writes: false,
  sql: (t) => `
    SELECT id, lineage, revision, metadata_version FROM ${t.games}
    WHERE id = ANY ($1::uuid[]) AND status IN ('live', 'ended')`,
};

/** The versions of those games that are live or ended, and of their metadata. */
export async function listVersions(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): Promise<ReadonlyMap<GameId, RowVersions>> {
  assertGameIds(gameIds);
  if (gameIds.length === 0) return new Map();
  const rows = await db.run(listVersionsStatement, [gameIds], options);
  return new Map(rows.map((row) => [row.id, { version: versionOf(row), metadataVersion: row.metadata_version }]));
}

/** Which of these games are archived (also where only history is left) or deleted. $1 ids */
const listGoneStatement: Statement<{ id: string }> = {
  name: "list-gone",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games} WHERE id = ANY ($1::uuid[]) AND status IN ('archived', 'deleted')
    UNION
    SELECT game_id FROM ${t.history} WHERE game_id = ANY ($1::uuid[])`,
};

/** Ids of those games that are archived or deleted. */
export async function listGone(db: Database, gameIds: readonly GameId[], options?: CallOptions): Promise<GameId[]> {
  assertGameIds(gameIds);
  if (gameIds.length === 0) return [];
  return (await db.run(listGoneStatement, [gameIds], options)).map(({ id }) => id);
}

type InspectedRow = Omit<SummaryRow, "status" | "outcome"> & {
  readonly status: Exclude<StoredStatus, "missing">;
  /** `null` where only history is left. */
  readonly lineage: string | null;
  readonly closed_ms: string | null;
  readonly in_history: boolean;
  readonly stored_entries: string;
  readonly newest_entry: string;
  readonly quarantine_reason: string | null;
  readonly quarantined_bytes: number;
  readonly state_bytes: number;
  readonly state: string | null;
};

const inspectedColumns = (states: string) => `
  ${summaryColumns("g")}, h.game_id IS NOT NULL AS in_history, ${milliseconds("g.closed_at")} AS closed_ms,
  l.stored_entries, l.newest_entry, g.quarantine_reason,
  coalesce(octet_length(g.quarantined), 0) AS quarantined_bytes, coalesce(octet_length(g.state), 0) AS state_bytes,
  CASE WHEN ${states} THEN g.state END AS state`;

const logFacts = (t: Tables) => `
  LEFT JOIN LATERAL (
    SELECT count(*) AS stored_entries, coalesce(max(seq), 0) AS newest_entry FROM ${t.log}
    WHERE game_id = g.id AND seq > 0
  ) l ON true`;

/** What is stored of these games; locks nothing. $1 ids · $2 whether with the states */
const inspectGames: Statement<InspectedRow> = {
  name: "inspect-games",
  writes: false,
  sql: (t) => `
    SELECT ${inspectedColumns("$2::boolean")}, asked.id, coalesce(g.status, 'archived') AS status
    FROM (SELECT DISTINCT unnest($1::uuid[]) AS id) asked
    LEFT JOIN ${t.games} g ON g.id = asked.id
    LEFT JOIN ${t.history} h ON h.game_id = asked.id ${logFacts(t)}
    WHERE g.id IS NOT NULL OR h.game_id IS NOT NULL`,
};

/**
 * Rows of games that are not over, to be sorted by id and cut to the limit again. By two partial indexes, so that no page
 * walks past tombstones. $1 lowest id · $2 id to leave out, or null · $3 limit
 */
export const pageOfRows = (t: Tables, columns: string) =>
  ["status IN ('live', 'ended')", "status = 'quarantined'"]
    .map(
      (status) => `
        (SELECT ${columns} FROM ${t.games}
        WHERE ${status} AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
        ORDER BY id LIMIT $3::integer)`,
    )
    .join(" UNION ALL");

/** The same of a page of games that are not over, by id. $1 lowest id · $2 id to leave out, or null · $3 limit · $4 states */
export const inspectPage: Statement<InspectedRow> = {
  name: "inspect-page",
  writes: false,
  sql: (t) => `
    SELECT ${inspectedColumns("$4::boolean")}
    FROM (SELECT * FROM (${pageOfRows(t, "*")}) rows ORDER BY id LIMIT $3::integer) g
    LEFT JOIN ${t.history} h ON h.game_id = g.id ${logFacts(t)}
    ORDER BY g.id`,
};

/**
 * Digests of those of these games of whose row nothing is wrong. The lateral subquery has `OFFSET 0`, so that each state
 * is decompressed once. Needs Postgres 16. $1 ids
 */
const digestGames: Statement<{ id: string; digest: string }> = {
  name: "digest-games",
  writes: false,
  sql: (t) => `
    SELECT g.id, concat_ws(' ', g.lineage || '.' || g.revision, g.fence, g.log_count, octet_length(s.bytes),
      bit_count(s.bytes)) AS digest
    FROM ${t.games} g ${logFacts(t)}
    JOIN LATERAL (SELECT convert_to(g.state, 'UTF8') AS bytes OFFSET 0) s ON s.bytes IS JSON OBJECT
    WHERE g.id = ANY ($1::uuid[]) AND g.status = 'live'
      AND l.stored_entries = g.log_count AND l.newest_entry = g.log_count
      AND NOT EXISTS (SELECT FROM ${t.history} WHERE game_id = g.id)`,
};
const digestsFrom = 160_000;

/** Digests of those of these games of whose row nothing is wrong; none before Postgres 16, which cannot check JSON. */
export async function digests(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): Promise<ReadonlyMap<GameId, string>> {
  assertGameIds(gameIds);
  if (gameIds.length === 0 || db.serverVersion < digestsFrom) return new Map();
  try {
    const rows = await db.run(digestGames, [gameIds], options);
    return new Map(rows.map(({ id, digest }) => [id, digest]));
  } catch (error) {
    // A state of more levels than Postgres reads, which no program of ours wrote, fails all of them.
    if (isTurnkeepError(error, "InvalidInput")) return new Map();
    throw error;
  }
}

/** What is stored of these games, or of a page of them; fences nothing. */
export async function inspect(
  db: Database,
  which: readonly GameId[] | IdPage,
  { states = false, ...options }: StoreInspectOptions<Transaction> = {},
): Promise<readonly StoredFacts[]> {
  if ("limit" in which) return (await db.run(inspectPage, [...idRange(which), states], options)).map(toFacts);
  assertGameIds(which);
  if (which.length === 0) return [];
  return (await db.run(inspectGames, [which, states], options)).map(toFacts);
}

function toFacts(row: InspectedRow): StoredFacts {
  const { id: gameId, status, in_history: inHistory, lineage, revision } = row;
  const version = lineage === null ? null : versionOf({ lineage, revision });
  const closedAt = row.closed_ms === null ? null : Number(row.closed_ms);
  const common = { gameId, status, version, closedAt, inHistory };
  if (lineage === null || status === "archived" || status === "deleted") return { ...common, row: null };
  const {
    gameId: _id,
    status: _status,
    outcome: _outcome,
    ...facts
  } = toSummary({
    ...row,
    lineage,
    status: "live",
    outcome: null,
  });
  return {
    ...common,
    row: {
      ...facts,
      storedEntries: Number(row.stored_entries),
      newestEntry: Number(row.newest_entry),
      quarantine: status === "quarantined" ? { reason: row.quarantine_reason, bytes: row.quarantined_bytes } : null,
      stateBytes: row.state_bytes,
      state: row.state,
    },
  };
}
