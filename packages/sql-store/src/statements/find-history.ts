import { type HistoryRow, historyColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/** A finished game's record, without its replay. $1 game id */
export const findHistory: Statement<HistoryRow> = {
  name: "find-history",
  writes: false,
  sql: (t) => `SELECT ${historyColumns("h")} FROM ${t.history} h WHERE h.game_id = $1::uuid`,
};
