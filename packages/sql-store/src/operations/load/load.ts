import type { GameId } from "@turnkeep/core";
import type { ActiveGame, LoadOptions, LoadReply } from "@turnkeep/core/ports";
import { assertGameIds } from "../../check-input.js";
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
 * Draws a fence for each of these rows that is live or ended and returns them, in no order; without those that other
 * transactions hold, so that it waits for none, and no deadlock comes of the order of rows. $1 ids
 */
const loadPageStatement: Statement<GameRow> = {
  name: "load-page",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    WITH page AS MATERIALIZED (SELECT id FROM ${t.games} WHERE id = ANY ($1::uuid[]) FOR UPDATE SKIP LOCKED)
    UPDATE ${t.games} g SET fence = ${t.fenceAbove("g.fence")}
    FROM page WHERE g.id = page.id AND g.status IN ('live', 'ended')
    RETURNING ${gameColumns("g")}`,
};

/** Those of these rows that can be had at once, each with a fresh fence. */
export async function loadPage(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): Promise<readonly ActiveGame[]> {
  assertGameIds(gameIds);
  if (gameIds.length === 0) return [];
  return (await db.run(loadPageStatement, [gameIds], options)).map(toActiveGame);
}
