import { intoHistory } from "../into-history.js";
import type { HistoryRow } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Puts a game without an active row into history, marked incomplete; nothing comes back where history has it.
 * $1 id · $2 game type · $3 player ids · $4 NPC · $5 winner · $6 winner is NPC · $7 end reason · $8 turns · $9 replay
 */
export const archiveIncomplete: Statement<HistoryRow> = {
  name: "archive-incomplete",
  writes: true,
  sql: (t) =>
    intoHistory(
      t,
      `VALUES ($1::uuid, $2::text, $3::text[], $4::text, $5::uuid, $6::boolean, $7::text, $8::integer, 0,
        true, $9::text::json, now(), now())`,
    ),
};
