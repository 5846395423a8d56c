import { isCanonicalUuid } from "@turnkeep/core";
import { type GameFilter, gamesInListedPage, type ListedGame, type Page, type PageRequest } from "@turnkeep/core/ports";
import { assertWhole, invalid } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { defaultLimit, maxLimit } from "./cursor.js";

/** All games that pass, by id; a page looks at so many at most, and may be short before the end. */
export function listGames(
  db: Database,
  filter: GameFilter,
  { limit = defaultLimit, after = null }: PageRequest,
  options?: CallOptions,
): Page<ListedGame> {
  assertWhole("limit", limit, 1);
  if (after !== null && !isCanonicalUuid(after)) invalid("this is no cursor of a listing", "after");
  const seen = allGames(db, options)
    .filter(({ gameId }) => gameId > (after ?? ""))
    .sort((a, b) => (a.gameId < b.gameId ? -1 : 1))
    .slice(0, gamesInListedPage);
  const passing = seen.filter((game) => passes(game, filter));
  const items = passing.slice(0, Math.min(limit, maxLimit));
  const last = (passing.length > items.length ? items : seen.length === gamesInListedPage ? seen : []).at(-1);
  return { items, next: last?.gameId ?? null };
}

function allGames(db: Database, options?: CallOptions): ListedGame[] {
  const { space } = db;
  const transaction = db.check(options);
  const rows = space.rows.entries(transaction).flatMap(([, row]): ListedGame[] => {
    if (!("game" in row)) return [];
    const { gameId, gameType, playerIds, npcId, rulesVersion, turnNumber, outcome, startedAt, lastActionAt } = row.game;
    const facts = { gameId, gameType, playerIds, npcId, rulesVersion, turnNumber, outcome, startedAt };
    return [{ ...facts, status: row.status, updatedAt: lastActionAt }];
  });
  const history = space.history.entries(transaction).map(([, { record }]): ListedGame => {
    const {
      gameId,
      gameType,
      playerIds,
      npcId,
      rulesVersion,
      turnCount: turnNumber,
      outcome,
      playedAt,
      endedAt,
    } = record;
    const facts = { gameId, gameType, playerIds, npcId, rulesVersion, turnNumber, outcome };
    return { ...facts, status: "archived", startedAt: playedAt, updatedAt: endedAt };
  });
  return [...rows, ...history];
}

function passes(
  game: ListedGame,
  { gameType, statuses, rulesVersion, updatedAfter, updatedBefore }: GameFilter,
): boolean {
  return (
    (gameType === undefined || game.gameType === gameType) &&
    (statuses === undefined || statuses.includes(game.status)) &&
    (rulesVersion === undefined || game.rulesVersion === rulesVersion) &&
    (updatedAfter === undefined || game.updatedAt > updatedAfter) &&
    (updatedBefore === undefined || game.updatedAt < updatedBefore)
  );
}
