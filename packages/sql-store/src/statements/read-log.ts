import type { Statement } from "../statement.js";

/** Log entries of a live or ended game, in order. $1 id · $2 number of the first, from 1 · $3 limit */
export const readLog: Statement<{ seq: string; entry: string }> = {
  name: "read-log",
  writes: false,
  sql: (t) => `
    SELECT l.seq, l.entry FROM ${t.log} l
    WHERE l.game_id = $1::uuid AND l.seq >= $2::bigint
      AND EXISTS (SELECT FROM ${t.games} g WHERE g.id = l.game_id AND g.status IN ('live', 'ended'))
    ORDER BY l.seq LIMIT $3::integer`,
};
