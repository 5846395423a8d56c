import { type Fence, type GameId, TurnkeepError } from "@turnkeep/core";
import type { ActiveGame, IdPage, LoadOptions, LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import { isActive, withGame } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";
import { rowIn } from "../game/read.js";
import { listIds } from "../lists/list-ids.js";

/** LOAD: a fresh fence, so that flushes of copies that were loaded before find theirs too old. */
export async function load(db: Database, gameId: GameId, options?: CallOptions & LoadOptions): Promise<LoadReply> {
  if (options?.skipLocked && db.space.isLocked(gameId, options.transaction)) throw locked();
  return db.transact([gameId], options, (transaction) => fenceRow(db.space, gameId, transaction, options?.above));
}

function locked(): Error {
  const details = { fate: "notDone", reason: "busy" } as const;
  return new TurnkeepError("StoreUnavailable", "another transaction holds the game's row", details);
}

/** Draws a fence for a row that is locked already, and returns the row. */
function fenceRow(space: StoreSpace, gameId: GameId, transaction: MemoryTransaction, above?: Fence): LoadReply {
  const row = space.rows.get(gameId, transaction);
  if (isActive(row)) space.rows.set(gameId, withGame(row, { fence: space.drawFence(above) }), transaction);
  return rowIn(space, gameId, transaction);
}

/** A page of rows, each with a fresh fence, by id; without those that were closed before their lock was held. */
export async function loadPage(db: Database, page: IdPage, options?: CallOptions): Promise<readonly ActiveGame[]> {
  const gameIds = listIds(db, "active", page, options);
  return db.transact(gameIds, options, (transaction) =>
    gameIds.flatMap((gameId) => {
      const loaded = fenceRow(db.space, gameId, transaction);
      return loaded.kind === "row" ? [loaded.game] : [];
    }),
  );
}
