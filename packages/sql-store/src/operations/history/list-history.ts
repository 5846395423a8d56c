import type { GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import { pageLimit } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { cursorTime, type HistoryRow, historyColumns, toHistoryRecord } from "../../schema/rows.js";
import { decodeCursor, toPage } from "../lists/cursor.js";

/**
 * A page of a player's finished games, the newest first, without replays. However many there are, a page is one
 * range of an index.
 * $1 player id · $2, $3 end and game id of the last game of the page before, or infinity · $4 limit
 */
export const listHistoryStatement: Statement<HistoryRow & { cursor_time: string }> = {
  name: "list-history",
  writes: false,
  sql: (t) => `
    SELECT ${historyColumns("h")}, ${cursorTime("p.ended_at")} AS cursor_time
    FROM (
      SELECT ended_at, game_id FROM ${t.historyPlayers}
      WHERE player_id = $1::text AND (ended_at, game_id) < ($2::timestamptz, $3::uuid)
      ORDER BY ended_at DESC, game_id DESC LIMIT $4::integer
    ) p JOIN ${t.history} h ON h.game_id = p.game_id
    ORDER BY p.ended_at DESC, p.game_id DESC`,
};

/**
 * The same of all finished games, which the index by their end is for.
 * $1, $2 end and game id of the last game of the page before, or infinity · $3 limit
 */
export const listAllHistoryStatement: Statement<HistoryRow & { cursor_time: string }> = {
  name: "list-all-history",
  writes: false,
  sql: (t) => `
    SELECT ${historyColumns("h")}, ${cursorTime("h.ended_at")} AS cursor_time FROM ${t.history} h
    WHERE (h.ended_at, h.game_id) < ($1::timestamptz, $2::uuid)
    ORDER BY h.ended_at DESC, h.game_id DESC LIMIT $3::integer`,
};

const highestId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Finished games, newest first: a player's, or all. */
export async function listHistory(
  db: Database,
  playerId: string | null,
  page: PageRequest,
  options?: CallOptions,
): Promise<Page<GameHistoryRecord>> {
  const limit = pageLimit(page.limit);
  const place = page.after == null ? { time: "infinity", gameId: highestId } : decodeCursor(page.after);
  const range = [place.time, place.gameId, limit + 1];
  const rows =
    playerId === null
      ? db.run(listAllHistoryStatement, range, options)
      : db.run(listHistoryStatement, [playerId, ...range], options);
  return toPage(await rows, limit, toHistoryRecord);
}
