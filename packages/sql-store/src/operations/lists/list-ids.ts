import type { GameId } from "@turnkeep/core";
import type { IdFilter, IdPage } from "@turnkeep/core/ports";
import { idRange, milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** A page of ids of live and ended games, by id. $1 lowest id · $2 id to leave out, or null · $3 limit */
export const listActiveIds: Statement<{ id: string }> = {
  name: "list-active-ids",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};

/** A page of ids of ended games that wait for their archive. $1 lowest id · $2 id to leave out, or null · $3 limit */
export const listEndedIds: Statement<{ id: string }> = {
  name: "list-ended-ids",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status = 'ended' AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};

/**
 * A page of ids of live games without activity for so long, by id. The time of the last action has no index on
 * purpose: it changes with every flush, and an index on it would make each flush write to all indexes.
 * $1 lowest id · $2 id to leave out, or null · $3 limit · $4 milliseconds
 */
const listIdleIds: Statement<{ id: string }> = {
  name: "list-idle-ids",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games}
    WHERE status = 'live' AND status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
      AND last_action_at <= now() - $4::bigint * interval '1 millisecond'
    ORDER BY id LIMIT $3::integer`,
};

/**
 * A page, by id, of the ids of live games that are due at this service time; of the 10,000 most overdue ones, since
 * those that were dealt with are due no more. The inner order is there for the planner: service time runs past what the
 * table's statistics know, and by them alone every game looks due, which would have it walk all of them.
 * $1 lowest id · $2 id to leave out, or null · $3 limit · $4 service time in ms
 */
export const listDueIds: Statement<{ id: string }> = {
  name: "list-due-ids",
  writes: false,
  sql: (t) => `
    WITH due AS MATERIALIZED (
      SELECT id FROM ${t.games}
      WHERE status = 'live' AND due_at IS NOT NULL AND due_at <= $4::bigint
      ORDER BY due_at LIMIT 10000
    )
    SELECT id FROM due WHERE id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
    ORDER BY id LIMIT $3::integer`,
};

/** A page of ids of the games that pass the filter, by id. */
export async function listIds(db: Database, filter: IdFilter, page: IdPage, options?: CallOptions): Promise<GameId[]> {
  const [statement, values] = statementFor(filter);
  return (await db.run(statement, [...idRange(page), ...values], options)).map(({ id }) => id);
}

/** The filter's statement, and what it takes beside the page. */
function statementFor(filter: IdFilter): readonly [Statement<{ id: string }>, readonly number[]] {
  if (filter === "active") return [listActiveIds, []];
  if (filter === "ended") return [listEndedIds, []];
  if ("idleForMs" in filter) return [listIdleIds, [milliseconds("idleForMs", filter.idleForMs)]];
  return [listDueIds, [milliseconds("dueBy", filter.dueBy)]];
}
