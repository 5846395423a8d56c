import type { ActiveGameSummary, Page, PageRequest } from "@turnkeep/core/ports";
import { pageLimit } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { cursorTime, type SummaryRow, summaryColumns, toSummary } from "../../schema/rows.js";
import { decodeCursor, toPage } from "./cursor.js";

/**
 * A page of a player's live and ended games, the newest first, without states. A player has few of them at a time:
 * they are found by an index over player ids, then sorted.
 * $1 player id · $2, $3 start and id of the last game of the page before, or null · $4 limit
 */
export const listActiveStatement: Statement<SummaryRow & { cursor_time: string }> = {
  name: "list-active",
  writes: false,
  sql: (t) => `
    SELECT ${summaryColumns("g")}, ${cursorTime("g.started_at")} AS cursor_time FROM ${t.games} g
    WHERE g.player_ids @> ARRAY[$1::text] AND g.status IN ('live', 'ended')
      AND ($2::timestamptz IS NULL OR (g.started_at, g.id) < ($2::timestamptz, $3::uuid))
    ORDER BY g.started_at DESC, g.id DESC LIMIT $4::integer`,
};

/** A player's live and ended games, newest first. */
export async function listActive(
  db: Database,
  playerId: string,
  page: PageRequest,
  options?: CallOptions,
): Promise<Page<ActiveGameSummary>> {
  const limit = pageLimit(page.limit);
  const place = page.after == null ? null : decodeCursor(page.after);
  const values = [playerId, place?.time ?? null, place?.gameId ?? null, limit + 1];
  return toPage(await db.run(listActiveStatement, values, options), limit, toSummary);
}

/** How many games are live or ended; no flush writes to what is counted. */
export const countActiveStatement: Statement<{ games: string }> = {
  name: "count-active",
  writes: false,
  sql: (t) => `SELECT count(*) AS games FROM ${t.activeIds}`,
};

/** How many games are quarantined; answered from a partial index. */
export const countQuarantinedStatement: Statement<{ games: string }> = {
  name: "count-quarantined",
  writes: false,
  sql: (t) => `SELECT count(*) AS games FROM ${t.games} WHERE status = 'quarantined'`,
};

/** How many games are live or ended under each version of the rules; no flush writes to what is counted. */
export const countByRulesStatement: Statement<{ rules_version: number; games: string }> = {
  name: "count-by-rules",
  writes: false,
  sql: (t) => `SELECT rules_version, count(*) AS games FROM ${t.activeIds} GROUP BY rules_version`,
};

/** How many games are live or ended under each version of the rules. */
export async function countByRules(db: Database, options?: CallOptions): Promise<ReadonlyMap<number, number>> {
  const rows = await db.run(countByRulesStatement, [], options);
  return new Map(rows.map(({ rules_version, games }) => [rules_version, Number(games)]));
}

/** Updates of games' rows since Postgres's statistics began, and those that wrote to no index (HOT). */
export const countUpdatesStatement: Statement<{ updates: string; hot: string }> = {
  name: "count-updates",
  writes: false,
  sql: (t) =>
    `SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relid = '${t.games}'::regclass`,
};

export interface UpdateCounts {
  readonly updates: number;
  /** Those of them that wrote to no index, since the page of the old row had space for the new one. */
  readonly hot: number;
}

/** What Postgres counted; it may begin again at 0. */
export async function countUpdates(db: Database, options?: CallOptions): Promise<UpdateCounts> {
  const [row] = await db.run(countUpdatesStatement, [], options);
  return { updates: Number(row?.updates ?? 0), hot: Number(row?.hot ?? 0) };
}

const counting = (statement: Statement<{ games: string }>) => async (db: Database, options?: CallOptions) => {
  const [row] = await db.run(statement, [], options);
  return Number(row?.games ?? 0);
};

/** How many games are live or ended. */
export const countActive = counting(countActiveStatement);

/** How many games are quarantined. */
export const countQuarantined = counting(countQuarantinedStatement);
