import type { GameId } from "@turnkeep/core";
import type { GameHistoryRecord, StoredReplay } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";

/** A finished game's record; `null` if there is none. */
export function findHistory(db: Database, gameId: GameId, options?: CallOptions): GameHistoryRecord | null {
  return readReplay(db, gameId, options)?.record ?? null;
}

/** A finished game's record and replay; `null` if there is none. */
export function readReplay(db: Database, gameId: GameId, options?: CallOptions): StoredReplay | null {
  return db.space.history.get(gameId, db.check(options, gameId)) ?? null;
}
