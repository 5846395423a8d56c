import type { GameId, Version } from "@turnkeep/core";
import type { CallOptions, Database } from "../../database.js";
import { isActive } from "../../stored-row.js";
import { statusOf } from "../game/status.js";

/** The versions of those games that are live or ended. */
export function listVersions(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): ReadonlyMap<GameId, Version> {
  const transaction = db.check(options, ...gameIds);
  const versions = new Map<GameId, Version>();
  for (const gameId of gameIds) {
    const row = db.space.rows.get(gameId, transaction);
    if (isActive(row)) versions.set(gameId, row.game.version);
  }
  return versions;
}

/** Ids of those games that are archived or deleted. */
export function listGone(db: Database, gameIds: readonly GameId[], options?: CallOptions): readonly GameId[] {
  const transaction = db.check(options, ...gameIds);
  return gameIds.filter((gameId) => ["archived", "deleted"].includes(statusOf(db.space, gameId, transaction)));
}
