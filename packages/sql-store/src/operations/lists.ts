import type { GameId } from "@turnkeep/core";
import type { ActiveGameSummary, GameHistoryRecord, IdFilter, IdPage, Page, PageRequest } from "@turnkeep/core/ports";
import { assertGameIds, milliseconds, pageLimit } from "../check-input.js";
import { decodeCursor, toPage } from "../cursor.js";
import type { CallOptions, Database } from "../database.js";
import { toHistoryRecord, toSummary } from "../rows.js";
import type { SqlValue, Statement } from "../statement.js";
import { listActive as listActiveStatement } from "../statements/list-active.js";
import { listDue as listDueStatement } from "../statements/list-due.js";
import { listEnded as listEndedStatement } from "../statements/list-ended.js";
import { listGone as listGoneStatement } from "../statements/list-gone.js";
import { listHistory as listHistoryStatement } from "../statements/list-history.js";
import { listIdle as listIdleStatement } from "../statements/list-idle.js";
import { listLive as listLiveStatement } from "../statements/list-live.js";
import { idRange } from "./id-range.js";

const HIGHEST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** A player's live and ended games, newest first. */
export async function listActive(
  db: Database,
  playerId: string,
  page: PageRequest,
  options: CallOptions,
): Promise<Page<ActiveGameSummary>> {
  const limit = pageLimit(page.limit);
  const place = page.after == null ? null : decodeCursor(page.after);
  const values = [playerId, place?.time ?? null, place?.gameId ?? null, limit + 1];
  return toPage(await db.run(listActiveStatement, values, options), limit, toSummary);
}

/** A player's finished games, newest first. */
export async function listHistory(
  db: Database,
  playerId: string,
  page: PageRequest,
  options: CallOptions,
): Promise<Page<GameHistoryRecord>> {
  const limit = pageLimit(page.limit);
  const place = page.after == null ? { time: "infinity", gameId: HIGHEST_ID } : decodeCursor(page.after);
  const values = [playerId, place.time, place.gameId, limit + 1];
  return toPage(await db.run(listHistoryStatement, values, options), limit, toHistoryRecord);
}

/** A page of ids of the games that pass the filter, by id. */
export function listIds(db: Database, filter: IdFilter, page: IdPage, options: CallOptions): Promise<GameId[]> {
  const range = idRange(page);
  if (filter === "active") return ids(db, listLiveStatement, range, options);
  if (filter === "ended") return ids(db, listEndedStatement, range, options);
  if ("idleForMs" in filter) {
    return ids(db, listIdleStatement, [...range, milliseconds("idleForMs", filter.idleForMs)], options);
  }
  return ids(db, listDueStatement, [...range, milliseconds("dueBy", filter.dueBy)], options);
}

/** Ids of those games that are archived or deleted. */
export async function listGone(db: Database, gameIds: readonly GameId[], options: CallOptions): Promise<GameId[]> {
  assertGameIds(gameIds);
  return gameIds.length === 0 ? [] : ids(db, listGoneStatement, [gameIds], options);
}

async function ids(
  db: Database,
  statement: Statement<{ id: string }>,
  values: readonly SqlValue[],
  options: CallOptions,
): Promise<GameId[]> {
  return (await db.run(statement, values, options)).map(({ id }) => id);
}
