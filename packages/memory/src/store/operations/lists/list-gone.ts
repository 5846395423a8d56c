import type { GameId } from "@turnkeep/core";
import type { CallOptions, Database } from "../../database.js";
import { statusOf } from "../game/status.js";

/** Ids of those games that are archived or deleted. */
export function listGone(db: Database, gameIds: readonly GameId[], options?: CallOptions): readonly GameId[] {
  const transaction = db.check(options, ...gameIds);
  return gameIds.filter((gameId) => ["archived", "deleted"].includes(statusOf(db.space, gameId, transaction)));
}
