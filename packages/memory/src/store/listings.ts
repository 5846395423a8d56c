import { assertGameId, type GameId } from "@turnkeep/core";
import type {
  ActiveGame,
  ActiveGameSummary,
  GameHistoryRecord,
  IdFilter,
  IdPage,
  Page,
  PageRequest,
} from "@turnkeep/core/ports";
import { assertWhole } from "../check-input.js";
import { pageOf } from "./keyset.js";
import type { StoreSpace } from "./store-space.js";
import { isActive, toSummary } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/** Live and ended games by id; tombstones and quarantined games are in no listing. */
export function activeGames(space: StoreSpace, transaction?: MemoryTransaction): readonly ActiveGame[] {
  return space.rows.entries(transaction).flatMap(([, row]) => (isActive(row) ? [row.game] : []));
}

/** A page of ids of those active games that pass the filter. */
export function idsOf(
  space: StoreSpace,
  filter: IdFilter,
  { after, limit }: IdPage,
  transaction?: MemoryTransaction,
): readonly GameId[] {
  assertWhole("limit", limit, 1);
  if (after !== null) assertGameId(after);
  const passes = predicateOf(filter, space.now());
  return activeGames(space, transaction)
    .filter((game) => (after === null || game.gameId > after) && passes(game))
    .map(({ gameId }) => gameId)
    .slice(0, limit);
}

function predicateOf(filter: IdFilter, now: number): (game: ActiveGame) => boolean {
  if (filter === "active") return () => true;
  if (filter === "ended") return ({ status }) => status === "ended";
  if ("idleForMs" in filter) {
    assertWhole("idleForMs", filter.idleForMs, 0);
    const until = now - filter.idleForMs;
    return ({ status, lastActionAt }) => status === "live" && lastActionAt <= until;
  }
  const { dueBy } = filter;
  assertWhole("dueBy", dueBy, 0);
  return ({ status, dueAt }) => status === "live" && dueAt !== null && dueAt <= dueBy;
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
