import type { StoredStatus } from "@turnkeep/core/ports";
import type { Statement } from "../connection/statement.js";

/* Statements of transactions that hold a game's row. */

export interface LockedRow {
  readonly status: Exclude<StoredStatus, "missing">;
  readonly lineage: string;
  readonly revision: string;
  readonly fence: string;
  readonly write_ids: string;
  readonly log_count: string;
}

/** Locks a row of any status until the transaction ends, and returns what it then holds. $1 id */
export const lockGame: Statement<LockedRow> = {
  name: "lock-game",
  writes: false,
  sql: (t) => `
    SELECT status, lineage, revision, fence, write_ids, log_count FROM ${t.games} WHERE id = $1::uuid FOR UPDATE`,
};

/** Adds log entries of one game; those that are there stay as they are. $1 id · $2 number of the first · $3 entries */
export const appendLog: Statement = {
  name: "append-log",
  writes: true,
  sql: (t) => `
    INSERT INTO ${t.log} (game_id, seq, entry)
    SELECT $1::uuid, $2::bigint + e.position - 1, e.entry
    FROM unnest($3::text[]) WITH ORDINALITY AS e (entry, position)
    ON CONFLICT (game_id, seq) DO NOTHING`,
};

/**
 * What a row loses as it becomes a small tombstone. What a late writer needs to learn that it is late (version, fence,
 * write ids) stays.
 */
export const emptied = `
  state = NULL, rules = '{}', player_ids = '{}', npc_id = NULL, quarantined = NULL, metadata = NULL, due_at = NULL,
  closed_at = now()`;

/**
 * Makes a locked row the tombstone of a deleted game, and deletes its log. To be run after the statement that took the
 * lock, never in it: only a later statement sees the log of a flush that held the lock before. $1 id
 */
export const markDeleted: Statement = {
  name: "mark-deleted",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    WITH forgotten AS (DELETE FROM ${t.log} WHERE game_id = $1::uuid)
    UPDATE ${t.games} SET status = 'deleted', ${emptied} WHERE id = $1::uuid`,
};

/**
 * Makes a tombstone if there is no row, so that no creation of the same id can pass at the same time; returns the id, or
 * nothing if there is a row. $1 id · $2 status: archived or deleted · $3 game type · $4 turns
 */
export const claimTombstone: Statement<{ id: string }> = {
  name: "claim-tombstone",
  writes: true,
  sql: (t) => `
    WITH drawn AS MATERIALIZED (SELECT ${t.nextFence} AS fence)
    INSERT INTO ${t.games} (
      id, status, lineage, revision, fence, turn_number, game_type, player_ids, rules, schema_version, write_ids,
      log_count, started_at, last_action_at, closed_at)
    SELECT $1::uuid, $2::text, fence, 1, fence, $4::integer, $3::text, '{}', '{}', 1, '', 0, now(), now(), now()
    FROM drawn
    ON CONFLICT (id) DO NOTHING
    RETURNING id`,
};
