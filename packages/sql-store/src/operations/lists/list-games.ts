import { assertGameId, isTurnkeepError } from "@turnkeep/core";
import { type GameFilter, gamesInListedPage, type ListedGame, type Page, type PageRequest } from "@turnkeep/core/ports";
import { pageLimit } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { invalidInput } from "../../errors.js";
import { milliseconds } from "../../schema/rows.js";

interface ListedRow {
  /** The last game that was looked at; `null` if there was none. */
  readonly last_id: string | null;
  /** How many were looked at. */
  readonly looked_at: number;
  /** `null` if none of them passes; then there is one row, without a game. */
  readonly id: string | null;
  readonly status: ListedGame["status"];
  readonly game_type: string;
  readonly players: string;
  readonly npc_id: string | null;
  readonly rules_version: number;
  readonly turn_number: number;
  readonly outcome: string | null;
  readonly started_ms: string;
  readonly updated_ms: string;
}

/**
 * The games that pass, among the next so many of all that are not deleted, by id: rows that are live, ended or
 * quarantined, and history. Both are ranges of primary keys.
 * $1 id of the last game of the page before, or null · $2 how many are looked at · $3 game type · $4 statuses
 * · $5 version of the rules · $6, $7 bounds of the last activity, in ms ($3 to $7 null: any) · $8 limit
 */
export const listGamesStatement: Statement<ListedRow> = {
  name: "list-games",
  writes: false,
  sql: (t) => `
    WITH seen AS MATERIALIZED (
      SELECT * FROM (
        (SELECT id, status, game_type, player_ids, npc_id, rules_version, turn_number, outcome::text AS outcome,
          started_at, last_action_at AS updated_at
        FROM ${t.games}
        WHERE status IN ('live', 'ended', 'quarantined') AND id >= coalesce($1::uuid, ${lowest}) AND id IS DISTINCT FROM $1::uuid
        ORDER BY id LIMIT $2::integer)
        UNION ALL
        (SELECT game_id, 'archived', game_type, player_ids, npc_id, rules_version, turn_count, outcome::text,
          played_at, ended_at
        FROM ${t.history}
        WHERE game_id >= coalesce($1::uuid, ${lowest}) AND game_id IS DISTINCT FROM $1::uuid
        ORDER BY game_id LIMIT $2::integer)
      ) g ORDER BY id LIMIT $2::integer
    )
    SELECT whole.last_id, whole.looked_at, g.id, g.status, g.game_type, array_to_json(g.player_ids)::text AS players,
      g.npc_id, g.rules_version, g.turn_number, g.outcome, ${milliseconds("g.started_at")} AS started_ms,
      ${milliseconds("g.updated_at")} AS updated_ms
    FROM (SELECT count(*)::integer AS looked_at, (array_agg(id ORDER BY id DESC))[1] AS last_id FROM seen) whole
    LEFT JOIN seen g ON ($3::text IS NULL OR g.game_type = $3::text)
      AND ($4::text[] IS NULL OR g.status = ANY ($4::text[]))
      AND ($5::integer IS NULL OR g.rules_version = $5::integer)
      AND ($6::bigint IS NULL OR ${milliseconds("g.updated_at")} > $6::bigint)
      AND ($7::bigint IS NULL OR ${milliseconds("g.updated_at")} < $7::bigint)
    ORDER BY g.id LIMIT $8::integer`,
};

const lowest = "'00000000-0000-0000-0000-000000000000'::uuid";

/** All games that pass, in pages by id; a page may be short before the end. */
export async function listGames(
  db: Database,
  { gameType, statuses, rulesVersion, updatedAfter, updatedBefore }: GameFilter,
  page: PageRequest,
  options?: CallOptions,
): Promise<Page<ListedGame>> {
  const limit = pageLimit(page.limit);
  const conditions = [gameType, statuses, rulesVersion, updatedAfter, updatedBefore].map((it) => it ?? null);
  const values = [placeOf(page), gamesInListedPage, ...conditions, limit + 1];
  const rows = await db.run(listGamesStatement, values, options);
  const items = rows.slice(0, limit).flatMap((row) => (row.id === null ? [] : [toListed(row, row.id)]));
  const [first] = rows;
  if (rows.length > limit) return { items, next: items.at(-1)?.gameId ?? null };
  return { items, next: first?.looked_at === gamesInListedPage ? first.last_id : null };
}

/** The cursor is the id of the last game that was looked at. @throws InvalidInput */
function placeOf({ after }: PageRequest): string | null {
  if (after == null) return null;
  try {
    return assertGameId(after);
  } catch (error) {
    if (!isTurnkeepError(error)) throw error;
    throw invalidInput("the cursor is not one of a page before", "after");
  }
}

function toListed(row: ListedRow, gameId: string): ListedGame {
  return {
    gameId,
    status: row.status,
    gameType: row.game_type,
    playerIds: JSON.parse(row.players) as string[],
    npcId: row.npc_id,
    rulesVersion: row.rules_version,
    turnNumber: row.turn_number,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
    startedAt: Number(row.started_ms),
    updatedAt: Number(row.updated_ms),
  };
}
