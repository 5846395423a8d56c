import { assertGameId, type GameId } from "@turnkeep/core";
import type { EntryText } from "@turnkeep/core/ports";
import { batchLimit, integer } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** Log entries of a live or ended game, in order. $1 id · $2 number of the first; 0 is the initial state · $3 limit */
const readLogStatement: Statement<{ seq: string; entry: string }> = {
  name: "read-log",
  writes: false,
  sql: (t) => `
    SELECT l.seq, l.entry FROM ${t.log} l
    WHERE l.game_id = $1::uuid AND l.seq >= $2::bigint
      AND EXISTS (SELECT FROM ${t.games} g WHERE g.id = l.game_id AND g.status IN ('live', 'ended'))
    ORDER BY l.seq LIMIT $3::integer`,
};

/** Log entries from number `from` on, at most `limit`; number 0 is the initial state. */
export async function readLog(
  db: Database,
  gameId: GameId,
  { from, limit }: { from: number; limit: number },
  options?: CallOptions,
): Promise<readonly { seq: number; entry: EntryText }[]> {
  const values = [assertGameId(gameId), integer("from", from, 0, Number.MAX_SAFE_INTEGER), batchLimit(limit)];
  const rows = await db.run(readLogStatement, values, options);
  return rows.map(({ seq, entry }) => ({ seq: Number(seq), entry }));
}
