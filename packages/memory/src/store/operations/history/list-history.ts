import type { GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { pageOf } from "../lists/cursor.js";

/** Finished games, newest first: a player's, or all. */
export function listHistory(
  db: Database,
  playerId: string | null,
  page: PageRequest,
  options?: CallOptions,
): Page<GameHistoryRecord> {
  const records = db.space.history.entries(db.check(options)).map(([, { record }]) => record);
  const own = records.filter(({ playerIds }) => playerId === null || playerIds.includes(playerId));
  return pageOf(
    own.map((record) => ({ at: record.endedAt, id: record.gameId, item: record })),
    page,
  );
}
