import { assertGameId, type GameId } from "@turnkeep/core";
import type { ActiveGame, IdPage, LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { type GameRow, toActiveGame } from "../rows.js";
import type { Statement } from "../statement.js";
import { loadGame } from "../statements/load-game.js";
import { loadPage as loadPageStatement } from "../statements/load-page.js";
import { lockGame } from "../statements/lock-game.js";
import { readGame } from "../statements/read-game.js";
import { idRange } from "./id-range.js";
import { locate, settle, withoutRow } from "./locate.js";

/** Draws a fresh fence for the row and returns it. */
export const load = (db: Database, gameId: GameId, options: CallOptions) => rowOf(db, loadGame, gameId, options);

/** The row as it is. */
export const read = (db: Database, gameId: GameId, options: CallOptions) => rowOf(db, readGame, gameId, options);

/** The row as it is once its lock is held, which the caller's transaction then keeps. */
export async function lock(db: Database, gameId: GameId, options: CallOptions): Promise<LoadReply> {
  assertGameId(gameId);
  await db.run(lockGame, [gameId], options);
  return read(db, gameId, options);
}

/** A page of rows, each with a fresh fence, by id. */
export async function loadPage(db: Database, range: IdPage, options: CallOptions): Promise<readonly ActiveGame[]> {
  const rows = await db.run(loadPageStatement, idRange(range), options);
  return rows.map(toActiveGame).sort((a, b) => (a.gameId < b.gameId ? -1 : 1));
}

function rowOf(db: Database, statement: Statement<GameRow>, gameId: GameId, options: CallOptions): Promise<LoadReply> {
  assertGameId(gameId);
  return settle(async () => {
    const [row] = await db.run(statement, [gameId], options);
    return row ? { kind: "row", game: toActiveGame(row) } : withoutRow(await locate(db, gameId, options));
  });
}
