import { findWrite as findIn, type GameId, type Version, type WriteId } from "@turnkeep/core";
import type { StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import type { MemoryTransaction } from "../../transaction.js";

/** Where the game is; looks into history too. */
export function status(db: Database, gameId: GameId, options?: CallOptions): StoredStatus {
  return statusOf(db.space, gameId, db.check(options, gameId));
}

export function statusOf({ rows, history }: StoreSpace, gameId: GameId, transaction?: MemoryTransaction): StoredStatus {
  const row = rows.get(gameId, transaction);
  return row?.status ?? (history.get(gameId, transaction) === undefined ? "missing" : "archived");
}

/** The version that a write made, if the row, or the tombstone of an archived game, remembers it. */
export function findWrite(db: Database, gameId: GameId, writeId: WriteId, options?: CallOptions): Version | null {
  const row = db.space.rows.get(gameId, db.check(options, gameId));
  if (row === undefined || row.status === "deleted" || row.status === "quarantined") return null;
  return findIn("game" in row ? row.game.writeIds : row.writeIds, writeId);
}
