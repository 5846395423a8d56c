import { intoHistory } from "../into-history.js";
import type { HistoryRow } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Puts an active game into history: its facts from its row, its replay composed as text from its log, so that every
 * document in it keeps its bytes. The row must be locked, and its log complete. Returns the record, or nothing where
 * history has the game already.
 * $1 id · $2 winner · $3 winner is NPC · $4 end reason · $5 turns · $6 final state · $7 further members of the replay
 */
export const archiveGame: Statement<HistoryRow> = {
  name: "archive-game",
  writes: true,
  sql: (t) =>
    intoHistory(
      t,
      `SELECT g.id, g.game_type, g.player_ids, g.npc_id, $2::uuid, $3::boolean, $4::text, $5::integer,
        greatest(0, floor(extract(epoch FROM now() - g.started_at)))::bigint, false,
        ('{"initialState":'
          || coalesce((SELECT entry FROM ${t.log} WHERE game_id = g.id AND seq = 0), 'null')
          || ',"log":['
          || coalesce((SELECT string_agg(entry, ',' ORDER BY seq) FROM ${t.log} WHERE game_id = g.id AND seq > 0), '')
          || '],"rules":' || g.rules::text || ',"finalState":' || $6::text || $7::text || '}')::json,
        g.started_at, now()
      FROM ${t.games} g WHERE g.id = $1::uuid`,
    ),
};
