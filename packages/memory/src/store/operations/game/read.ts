import type { GameId } from "@turnkeep/core";
import type { LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import { isActive } from "../../stored-row.js";
import type { MemoryTransaction } from "../../transaction.js";

/** READ: the row as it is. */
export function read(db: Database, gameId: GameId, options?: CallOptions): LoadReply {
  return rowIn(db.space, gameId, db.check(options, gameId));
}

/** LOCK: the row as it is once its lock is held, which the caller's transaction then keeps. */
export function lock(db: Database, gameId: GameId, options?: CallOptions): Promise<LoadReply> {
  return db.transact([gameId], options, (transaction) => rowIn(db.space, gameId, transaction));
}

/** The row, or what its absence means. */
export function rowIn({ rows, history }: StoreSpace, gameId: GameId, transaction?: MemoryTransaction): LoadReply {
  const row = rows.get(gameId, transaction);
  if (isActive(row)) return { kind: "row", game: row.game };
  if (row?.status === "quarantined") return { kind: "quarantined", reason: row.reason };
  if (row !== undefined) return { kind: "none", status: row.status };
  return { kind: "none", status: history.get(gameId, transaction) === undefined ? "missing" : "archived" };
}
