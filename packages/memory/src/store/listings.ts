import { assertGameId, type GameId } from "@turnkeep/core";
import type { ActiveGame, ActiveGameSummary, GameHistoryRecord, Page, PageRequest } from "@turnkeep/core/ports";
import { assertWhole } from "../check-input.js";
import { pageOf } from "./keyset.js";
import type { StoreSpace } from "./store-space.js";
import { isActive, toSummary } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/** Live and ended games by id; tombstones and quarantined games are in no listing. */
export function activeGames(space: StoreSpace, transaction?: MemoryTransaction): readonly ActiveGame[] {
  return space.rows.entries(transaction).flatMap(([, row]) => (isActive(row) ? [row.game] : []));
}

/** A page of ids of those active games that are wanted. */
export function idsOf(
  space: StoreSpace,
  { after, limit }: { after: GameId | null; limit: number },
  isWanted: (game: ActiveGame) => boolean,
  transaction?: MemoryTransaction,
): readonly GameId[] {
  assertWhole("limit", limit, 1);
  if (after !== null) assertGameId(after);
  return activeGames(space, transaction)
    .filter((game) => (after === null || game.gameId > after) && isWanted(game))
    .map(({ gameId }) => gameId)
    .slice(0, limit);
}

export function pageOfActive(
  space: StoreSpace,
  playerId: string,
  page: PageRequest,
  transaction?: MemoryTransaction,
): Page<ActiveGameSummary> {
  const games = activeGames(space, transaction).filter(({ playerIds }) => playerIds.includes(playerId));
  return pageOf(
    games.map((game) => ({ at: game.startedAt, id: game.gameId, item: toSummary(game) })),
    page,
  );
}

export function pageOfHistory(
  space: StoreSpace,
  playerId: string,
  page: PageRequest,
  transaction?: MemoryTransaction,
): Page<GameHistoryRecord> {
  const records = space.history.entries(transaction).map(([, { record }]) => record);
  const own = records.filter(({ playerIds }) => playerIds.includes(playerId));
  return pageOf(
    own.map((record) => ({ at: record.endedAt, id: record.gameId, item: record })),
    page,
  );
}

/** Those of these games that are archived or deleted. */
export function goneOf(
  space: StoreSpace,
  gameIds: readonly GameId[],
  transaction?: MemoryTransaction,
): readonly GameId[] {
  return gameIds.filter((gameId) => {
    const status = space.rows.get(gameId, transaction)?.status;
    if (status === undefined) return space.history.get(gameId, transaction) !== undefined;
    return status === "archived" || status === "deleted";
  });
}

/** Ids of tombstones from before this time. */
export function tombstones(space: StoreSpace, until: number, transaction?: MemoryTransaction): readonly GameId[] {
  return space.rows
    .entries(transaction)
    .flatMap(([gameId, row]) => ("since" in row && row.since <= until ? [gameId] : []));
}
