import { assertGameId, type GameId } from "@turnkeep/core";
import type { LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { SqlValue, Statement } from "../../connection/statement.js";
import { type GameRow, gameColumns, toActiveGame } from "../../schema/rows.js";
import { lockGame } from "../locked-row.js";
import { readStatus, whileRowChanges, withoutRow } from "./status.js";

/** A live or ended row as it is. $1 id */
const readGame: Statement<GameRow> = {
  name: "read-game",
  writes: false,
  sql: (t) => `
    SELECT ${gameColumns("g")} FROM ${t.games} g WHERE g.id = $1::uuid AND g.status IN ('live', 'ended')`,
};

/** The row as it is. */
export const read = (db: Database, gameId: GameId, options?: CallOptions) => rowBy(readGame, db, gameId, options);

/** The row as it is once its lock is held, which the caller's transaction then keeps. */
export async function lock(db: Database, gameId: GameId, options?: CallOptions): Promise<LoadReply> {
  await db.run(lockGame, [assertGameId(gameId)], options);
  return read(db, gameId, options);
}

/**
 * The row as this statement returns it, or what its absence means. `further`: its values after the id.
 * @throws StoreUnavailable, reason `busy`, if the row is there and the statement returned none so many times
 */
export function rowBy(
  statement: Statement<GameRow>,
  db: Database,
  gameId: GameId,
  options?: CallOptions,
  further: readonly SqlValue[] = [],
  attempts?: number,
): Promise<LoadReply> {
  assertGameId(gameId);
  return whileRowChanges(async () => {
    const [row] = await db.run(statement, [gameId, ...further], options);
    return row ? { kind: "row", game: toActiveGame(row) } : withoutRow(await readStatus(db, gameId, options));
  }, attempts);
}
