import type { ActiveGame, ActiveGameSummary, Page, PageRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { activeGames } from "./count-active.js";
import { pageOf } from "./cursor.js";

/** A player's live and ended games, newest first, without their states. */
export function listActive(
  db: Database,
  playerId: string,
  page: PageRequest,
  options?: CallOptions,
): Page<ActiveGameSummary> {
  const own = activeGames(db, options).filter(({ playerIds }) => playerIds.includes(playerId));
  return pageOf(
    own.map((game) => ({ at: game.startedAt, id: game.gameId, item: toSummary(game) })),
    page,
  );
}

function toSummary(game: ActiveGame): ActiveGameSummary {
  const { state: _s, writeIds: _w, rules: _r, metadata: _m, metadataVersion: _v, ...summary } = game;
  return summary;
}
