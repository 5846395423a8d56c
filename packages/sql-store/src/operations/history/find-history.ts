import { assertGameId, type GameId } from "@turnkeep/core";
import type { GameHistoryRecord, StoredReplay } from "@turnkeep/core/ports";
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
const readReplayStatement: Statement<HistoryRow & { replay: string }> = {
  name: "read-replay",
  writes: false,
  sql: (t) => `
    SELECT ${historyColumns("h")}, h.replay_data::text AS replay FROM ${t.history} h WHERE h.game_id = $1::uuid`,
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
  return row ? { record: toHistoryRecord(row), replay: row.replay } : null;
}
