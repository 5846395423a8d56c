import { type GameRow, gameColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Draws a fence for each of a page of live and ended rows and returns them, in no order. Rows are locked in the
 * order of their ids, so that two pages and a flush at once cannot deadlock; the limit counts rows that are still
 * live or ended once their lock is held, so that only the last page is short.
 * $1 lowest id · $2 id to leave out, or null · $3 limit
 */
export const loadPage: Statement<GameRow> = {
  name: "load-page",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    WITH page AS MATERIALIZED (
      SELECT id FROM ${t.games}
      WHERE status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
      ORDER BY id LIMIT $3::integer FOR UPDATE
    )
    UPDATE ${t.games} g SET fence = greatest(${t.nextFence}, g.fence + 1)
    FROM page WHERE g.id = page.id
    RETURNING ${gameColumns("g")}`,
};
