import { isCanonicalUuid } from "@turnkeep/core";
import { type GameFilter, gamesInListedPage, type ListedGame, type Page, type PageRequest } from "@turnkeep/core/ports";
import { idRange, pageLimit } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { invalidInput } from "../../errors.js";
import { milliseconds, outcomeOf, playersOf } from "../../schema/rows.js";
import { pageOfRows } from "./list-by-ids.js";

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
 * quarantined, and history. All are ranges of indexes by id.
 * $1 lowest id · $2 id to leave out, or null · $3 how many are looked at · $4 game type · $5 statuses
 * · $6 version of the rules · $7, $8 bounds of the last activity, in ms ($4 to $8 null: any) · $9 limit
 */
export const listGamesStatement: Statement<ListedRow> = {
  name: "list-games",
  writes: false,
  sql: (t) => `
    WITH seen AS MATERIALIZED (
      SELECT * FROM (${pageOfRows(
        t,
        `id, status, game_type, player_ids, npc_id, rules_version, turn_number, outcome::text AS outcome,
          started_at, last_action_at AS updated_at`,
      )}
        UNION ALL
        (SELECT game_id, 'archived', game_type, player_ids, npc_id, rules_version, turn_count, outcome::text,
          played_at, ended_at
        FROM ${t.history}
        WHERE game_id >= $1::uuid AND game_id IS DISTINCT FROM $2::uuid
        ORDER BY game_id LIMIT $3::integer)
      ) g ORDER BY id LIMIT $3::integer
    )
    SELECT whole.last_id, whole.looked_at, g.id, g.status, g.game_type, array_to_json(g.player_ids)::text AS players,
      g.npc_id, g.rules_version, g.turn_number, g.outcome, ${milliseconds("g.started_at")} AS started_ms,
      ${milliseconds("g.updated_at")} AS updated_ms
    FROM (SELECT count(*)::integer AS looked_at, (array_agg(id ORDER BY id DESC))[1] AS last_id FROM seen) whole
    LEFT JOIN seen g ON ($4::text IS NULL OR g.game_type = $4::text)
      AND ($5::text[] IS NULL OR g.status = ANY ($5::text[]))
      AND ($6::integer IS NULL OR g.rules_version = $6::integer)
      AND ($7::bigint IS NULL OR ${milliseconds("g.updated_at")} > $7::bigint)
      AND ($8::bigint IS NULL OR ${milliseconds("g.updated_at")} < $8::bigint)
    ORDER BY g.id LIMIT $9::integer`,
};

/** All games that pass, in pages by id; a page may be short before the end. */
export async function listGames(
  db: Database,
  { gameType, statuses, rulesVersion, updatedAfter, updatedBefore }: GameFilter,
  page: PageRequest,
  options?: CallOptions,
): Promise<Page<ListedGame>> {
  const limit = pageLimit(page.limit);
  const conditions = [gameType, statuses, rulesVersion, updatedAfter, updatedBefore].map((it) => it ?? null);
  const values = [...idRange({ after: placeOf(page), limit: gamesInListedPage }), ...conditions, limit + 1];
  const rows = await db.run(listGamesStatement, values, options);
  const items = rows.slice(0, limit).flatMap((row) => (row.id === null ? [] : [toListed(row, row.id)]));
  const [first] = rows;
  if (rows.length > limit) return { items, next: items.at(-1)?.gameId ?? null };
  return { items, next: first?.looked_at === gamesInListedPage ? first.last_id : null };
}

/** The cursor is the id of the last game that was looked at. @throws InvalidInput */
function placeOf({ after = null }: PageRequest): string | null {
  if (after === null || isCanonicalUuid(after)) return after;
  throw invalidInput("the cursor is not one of a page before", "after");
}

function toListed(row: ListedRow, gameId: string): ListedGame {
  return {
    gameId,
    status: row.status,
    gameType: row.game_type,
    playerIds: playersOf(row.players),
    npcId: row.npc_id,
    rulesVersion: row.rules_version,
    turnNumber: row.turn_number,
    outcome: row.outcome === null ? null : outcomeOf(row.outcome),
    startedAt: Number(row.started_ms),
    updatedAt: Number(row.updated_ms),
  };
}
