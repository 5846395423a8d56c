import { type GameRow, gameColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Draws a fresh fence for a live or ended row and returns the row: a load into the cache.
 * The fence is drawn in SET. A load that had to wait for the row computes SET again on what it then finds, so that
 * the later holder of the lock has the higher number; and even a clock that was set back cannot lower a fence.
 * $1 id
 */
export const loadGame: Statement<GameRow> = {
  name: "load-game",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    UPDATE ${t.games} g SET fence = greatest(${t.nextFence}, g.fence + 1)
    WHERE g.id = $1::uuid AND g.status IN ('live', 'ended')
    RETURNING ${gameColumns("g")}`,
};
