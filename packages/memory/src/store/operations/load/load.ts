import { type Fence, type GameId, TurnkeepError } from "@turnkeep/core";
import type { ActiveGame, LoadOptions, LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import { isActive, withGame } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";
import { rowIn } from "../game/read.js";

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

/** Those of these rows that can be had at once, each with a fresh fence. */
export async function loadPage(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): Promise<readonly ActiveGame[]> {
  db.check(options, ...gameIds);
  const free = gameIds.filter((gameId) => !db.space.isLocked(gameId, options?.transaction));
  return db.transact(free, options, (transaction) =>
    free.flatMap((gameId) => {
      const loaded = fenceRow(db.space, gameId, transaction);
      return loaded.kind === "row" ? [loaded.game] : [];
    }),
  );
}
