import { assertGameId, type GameId } from "@turnkeep/core";
import type { EntryText, GameHistoryRecord, StoredReplay } from "@turnkeep/core/ports";
import { batchLimit, integer } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { type HistoryRow, historyColumns, toHistoryRecord } from "../../schema/rows.js";

/** A finished game's record, without its replay. $1 game id */
export const findHistoryStatement: Statement<HistoryRow> = {
  name: "find-history",
  writes: false,
  sql: (t) => `SELECT ${historyColumns("h")} FROM ${t.history} h WHERE h.game_id = $1::uuid`,
};

/** A finished game's record and its replay, byte for byte. $1 game id */
const readReplayStatement: Statement<HistoryRow & { replay: string; metadata: string | null }> = {
  name: "read-replay",
  writes: false,
  sql: (t) => `
    SELECT ${historyColumns("h")}, h.replay_data::text AS replay, h.metadata FROM ${t.history} h WHERE h.game_id = $1::uuid`,
};

/** A finished game's record; `null` if there is none. */
export async function findHistory(
  db: Database,
  gameId: GameId,
  options?: CallOptions,
): Promise<GameHistoryRecord | null> {
  const [row] = await db.run(findHistoryStatement, [assertGameId(gameId)], options);
  return row ? toHistoryRecord(row) : null;
}

/** A finished game's record and replay; `null` if there is none. */
export async function readReplay(db: Database, gameId: GameId, options?: CallOptions): Promise<StoredReplay | null> {
  const [row] = await db.run(readReplayStatement, [assertGameId(gameId)], options);
  return row ? { record: toHistoryRecord(row), replay: row.replay, metadata: row.metadata } : null;
}

/** Log entries of a live or ended game, in order. $1 id · $2 number of the first; 0 is the initial state · $3 limit */
const readLogStatement: Statement<{ seq: string; entry: string }> = {
  name: "read-log",
  writes: false,
  sql: (t) => `
    SELECT l.seq, l.entry FROM ${t.log} l
    WHERE l.game_id = $1::uuid AND l.seq >= $2::bigint
      AND EXISTS (SELECT FROM ${t.games} g WHERE g.id = l.game_id AND g.status IN ('live', 'ended'))
    ORDER BY l.seq LIMIT $3::integer`,
};

/** Log entries from number `from` on, at most `limit`; number 0 is the initial state. */
export async function readLog(
  db: Database,
  gameId: GameId,
  { from, limit }: { from: number; limit: number },
  options?: CallOptions,
): Promise<readonly { seq: number; entry: EntryText }[]> {
  const values = [assertGameId(gameId), integer("from", from, 0, Number.MAX_SAFE_INTEGER), batchLimit(limit)];
  const rows = await db.run(readLogStatement, values, options);
  return rows.map(({ seq, entry }) => ({ seq: Number(seq), entry }));
}
