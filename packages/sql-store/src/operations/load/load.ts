import type { GameId } from "@turnkeep/core";
import type { ActiveGame, IdPage, LoadOptions, LoadReply } from "@turnkeep/core/ports";
import { idRange } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { type GameRow, gameColumns, toActiveGame } from "../../schema/rows.js";
import { rowBy } from "../game/read.js";

/**
 * Draws a fresh fence for a live or ended row and returns the row: a load into the cache.
 * The fence is drawn in SET. A load that had to wait for the row computes SET again on what it then finds, so that
 * the later holder of the lock has the higher number; and even a clock that was set back cannot lower a fence.
 * $1 id · $2 a number that the fence is to exceed, or null
 */
const loadGame: Statement<GameRow> = {
  name: "load-game",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    UPDATE ${t.games} g SET fence = ${t.fenceAbove("g.fence", "$2::bigint")}
    WHERE g.id = $1::uuid AND g.status IN ('live', 'ended')
    RETURNING ${gameColumns("g")}`,
};

/** The same, but returns nothing if another transaction holds the row. */
const loadUnlocked: Statement<GameRow> = {
  name: "load-unlocked",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    UPDATE ${t.games} g SET fence = ${t.fenceAbove("g.fence", "$2::bigint")}
    FROM (SELECT id FROM ${t.games} WHERE id = $1::uuid FOR UPDATE SKIP LOCKED) AS held
    WHERE g.id = held.id AND g.status IN ('live', 'ended')
    RETURNING ${gameColumns("g")}`,
};

/** Draws a fresh fence for the row, above the given one, and returns the row. */
export const load = (db: Database, gameId: GameId, options: CallOptions & LoadOptions = {}): Promise<LoadReply> => {
  const { above = null, skipLocked = false } = options;
  return rowBy(skipLocked ? loadUnlocked : loadGame, db, gameId, options, [above], skipLocked ? 1 : undefined);
};

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
