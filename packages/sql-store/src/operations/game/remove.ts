import { assertGameId, type GameId, type PlayerId } from "@turnkeep/core";
import type { RemoveOptions, StoredReplay, StoredStatus } from "@turnkeep/core/ports";
import { milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { findHistoryStatement } from "../history/find-history.js";
import { claimTombstone, lockGame, markDeleted } from "../locked-row.js";

/** Deletes a finished game's record and replay, and with them its players' entries. $1 id */
const forgetHistory: Statement = {
  name: "forget-history",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `DELETE FROM ${t.history} WHERE game_id = $1::uuid`,
};

/** Makes the row a tombstone, its log gone; returns the status before. What is archived stays so, unless asked for. */
export async function remove(
  db: Database,
  gameId: GameId,
  { markMissing = false, history = false, ...options }: CallOptions & RemoveOptions = {},
): Promise<StoredStatus> {
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    let [row] = await session.run(lockGame, [gameId]);
    if (!row) {
      const isArchived = (await session.run(findHistoryStatement, [gameId])).length > 0;
      if (isArchived && !history) return "archived";
      const claims = markMissing || isArchived;
      const marked = !claims || (await session.run(claimTombstone, [gameId, "deleted", "unknown", 0])).length > 0;
      if (!marked) [row] = await session.run(lockGame, [gameId]);
      else if (isArchived) await session.run(forgetHistory, [gameId]);
      if (!row) return isArchived ? "archived" : "missing";
    }
    const forgets = row.status === "archived" && history;
    if (forgets) await session.run(forgetHistory, [gameId]);
    if (forgets || (row.status !== "archived" && row.status !== "deleted")) {
      await session.run(markDeleted, [gameId]);
    }
    return row.status;
  });
}

/** Deletes tombstones that were made so long ago, at most so many; returns their ids. $1 milliseconds · $2 limit */
export const purgeTombstonesStatement: Statement<{ id: string }> = {
  name: "purge-tombstones",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    DELETE FROM ${t.games} WHERE id IN (
      SELECT id FROM ${t.games}
      WHERE status IN ('archived', 'deleted') AND closed_at <= now() - $1::bigint * interval '1 millisecond'
      ORDER BY closed_at LIMIT $2::integer FOR UPDATE SKIP LOCKED
    ) RETURNING id`,
};

/** Deletes history of games that ended so long ago and have no row any more, at most so many. $1 milliseconds · $2 limit */
const purgeHistoryStatement: Statement<{ id: string }> = {
  name: "purge-history",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    DELETE FROM ${t.history} WHERE game_id IN (
      SELECT h.game_id FROM ${t.history} h
      WHERE h.ended_at <= now() - $1::bigint * interval '1 millisecond'
        AND NOT EXISTS (SELECT FROM ${t.games} g WHERE g.id = h.game_id)
      ORDER BY h.ended_at LIMIT $2::integer
    ) RETURNING game_id AS id`,
};

const batchGames = 1_000;

/** Deletes what is older than this, a batch at a time; returns how many. */
const purging =
  (statement: Statement<{ id: string }>) =>
  async (db: Database, olderThanMs: number, options?: CallOptions): Promise<number> => {
    const age = milliseconds("olderThanMs", olderThanMs);
    for (let purged = 0; ; ) {
      const rows = await db.run(statement, [age, batchGames], options);
      purged += rows.length;
      if (rows.length < batchGames) return purged;
    }
  };

export const purgeTombstones = purging(purgeTombstonesStatement);
export const purgeHistory = purging(purgeHistoryStatement);

/** One player's id, and what stands in its place from now on. */
export interface Renaming {
  readonly from: PlayerId;
  readonly to: PlayerId;
}

const longId = 8;

/** Renames a player in a finished game. $1 game id · $2 from · $3 to · $4 outcome · $5 replay · $6 metadata */
const renameInHistory: Statement = {
  name: "rename-in-history",
  writes: true,
  sql: (t) => `
    WITH listed AS (
      UPDATE ${t.historyPlayers} SET player_id = $3::text WHERE game_id = $1::uuid AND player_id = $2::text
    )
    UPDATE ${t.history} SET
      player_ids = array_replace(player_ids, $2::text, $3::text), outcome = $4::text::json, replay_data = $5::text::json,
      metadata = $6::text
    WHERE game_id = $1::uuid`,
};

/**
 * Renames a player in the tombstones, which keep the outcome, and why a game was quarantined; within write ids and
 * reasons only an id that is long enough to be nothing else. $1 from · $2 to · $3, $4 the same as JSON writes them
 */
const renameInTombstones: Statement = {
  name: "rename-in-tombstones",
  writes: true,
  sql: (t) => `
    WITH texts AS (SELECT CASE WHEN length($1::text) >= ${longId} THEN $1::text END AS long)
    UPDATE ${t.games} SET
      outcome = replace(outcome::text, $3::text, $4::text)::json,
      write_ids = coalesce(replace(write_ids, texts.long, $2::text), write_ids),
      quarantine_reason = coalesce(replace(quarantine_reason, texts.long, $2::text), quarantine_reason)
    FROM texts
    WHERE status IN ('archived', 'deleted')
      AND (strpos(outcome::text, $3::text) > 0 OR strpos(write_ids, texts.long) > 0
        OR strpos(quarantine_reason, texts.long) > 0)`,
};

/** Quarantined games of a player. $1 player id */
const listQuarantined: Statement<{ id: string }> = {
  name: "list-quarantined",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games} WHERE status = 'quarantined' AND $1::text = ANY (player_ids) ORDER BY id`,
};

/** Ids of a player's quarantined games. */
export async function quarantinedOf(
  db: Database,
  playerId: PlayerId,
  options?: CallOptions,
): Promise<readonly GameId[]> {
  return (await db.run(listQuarantined, [playerId], options)).map(({ id }) => id);
}

/** Writes a finished game anew with another id in a player's place; the caller gives the outcome and replay that say so. */
export async function renameInGame(
  db: Database,
  { record, replay, metadata }: StoredReplay,
  { from, to }: Renaming,
  options?: CallOptions,
): Promise<void> {
  const { gameId, outcome } = record;
  await db.run(renameInHistory, [assertGameId(gameId), from, to, JSON.stringify(outcome), replay, metadata], options);
}

/** Puts another id in a player's place in all tombstones. Reads each of them. */
export async function renameInGone(db: Database, { from, to }: Renaming, options?: CallOptions): Promise<void> {
  await db.run(renameInTombstones, [from, to, JSON.stringify(from), JSON.stringify(to)], options);
}
