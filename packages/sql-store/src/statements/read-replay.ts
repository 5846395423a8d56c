import { type HistoryRow, historyColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/** A finished game's record and its replay, byte for byte. $1 game id */
export const readReplay: Statement<HistoryRow & { replay: string }> = {
  name: "read-replay",
  writes: false,
  sql: (t) => `
    SELECT ${historyColumns("h")}, h.replay_data::text AS replay FROM ${t.history} h WHERE h.game_id = $1::uuid`,
};
