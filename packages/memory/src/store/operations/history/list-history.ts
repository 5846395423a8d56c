import type { GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { pageOf } from "../lists/cursor.js";

/** A player's finished games, newest first. */
export function listHistory(
  db: Database,
  playerId: string,
  page: PageRequest,
  options?: CallOptions,
): Page<GameHistoryRecord> {
  const records = db.space.history.entries(db.check(options)).map(([, { record }]) => record);
  const own = records.filter(({ playerIds }) => playerIds.includes(playerId));
  return pageOf(
    own.map((record) => ({ at: record.endedAt, id: record.gameId, item: record })),
    page,
  );
}
