import { assertGameId, type GameId } from "@turnkeep/core";
import type { ActiveGame, IdFilter, IdPage } from "@turnkeep/core/ports";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { activeGames } from "./count-active.js";

/** A page of ids of the active games that pass the filter, by id. */
export function listIds(
  db: Database,
  filter: IdFilter,
  { after, limit }: IdPage,
  options?: CallOptions,
): readonly GameId[] {
  assertWhole("limit", limit, 1);
  if (after !== null) assertGameId(after);
  const passes = predicateOf(filter, db.space.now());
  return activeGames(db, options)
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
