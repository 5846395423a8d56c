import type { GameId } from "@turnkeep/core";
import type { ActiveGameSummary, GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
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
import { type IdRange, idRange } from "./id-range.js";

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

/** Ids of live and ended games, by id. */
export const listLive = (db: Database, range: IdRange, options: CallOptions) =>
  ids(db, listLiveStatement, idRange(range), options);

/** Ids of ended games, by id. */
export const listEnded = (db: Database, range: IdRange, options: CallOptions) =>
  ids(db, listEndedStatement, idRange(range), options);

/** Ids of live games without activity for so long, by id. */
export const listIdle = (db: Database, request: IdRange & { idleForMs: number }, options: CallOptions) =>
  ids(db, listIdleStatement, [...idRange(request), milliseconds("idleForMs", request.idleForMs)], options);

/** Ids of live games that are due at this service time, by id. */
export const listDue = (db: Database, request: IdRange & { dueBy: number }, options: CallOptions) =>
  ids(db, listDueStatement, [...idRange(request), milliseconds("dueBy", request.dueBy)], options);

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
