import type { ActiveGame, IdPage } from "@turnkeep/core/ports";
import { idRange } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { type GameRow, gameColumns, toActiveGame } from "../../schema/rows.js";

/**
 * Draws a fence for each of a page of live and ended rows and returns them, in no order. Rows are locked in the
 * order of their ids, so that two pages and a flush at once cannot deadlock; the limit counts rows that are still
 * live or ended once their lock is held, so that only the last page is short.
 * $1 lowest id · $2 id to leave out, or null · $3 limit
 */
const loadPageStatement: Statement<GameRow> = {
  name: "load-page",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    WITH page AS MATERIALIZED (
      SELECT id FROM ${t.games}
      WHERE status IN ('live', 'ended') AND id >= $1::uuid AND id IS DISTINCT FROM $2::uuid
      ORDER BY id LIMIT $3::integer FOR UPDATE
    )
    UPDATE ${t.games} g SET fence = ${t.fenceAbove("g.fence")}
    FROM page WHERE g.id = page.id
    RETURNING ${gameColumns("g")}`,
};

/** A page of rows, each with a fresh fence, by id. */
export async function loadPage(db: Database, page: IdPage, options?: CallOptions): Promise<readonly ActiveGame[]> {
  const rows = await db.run(loadPageStatement, idRange(page), options);
  return rows.map(toActiveGame).sort((a, b) => (a.gameId < b.gameId ? -1 : 1));
}
