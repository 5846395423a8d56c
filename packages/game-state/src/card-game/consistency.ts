import { isNpc } from "@turnkeep/core";
import type { GameState } from "./game-state.js";
import { allCards } from "./parts/all-cards.js";

/** What a schema of single fields cannot say: the first contradiction between fields, or `null`. */
export function findInconsistency(state: GameState): { message: string; path: readonly string[] } | null {
  const ids = Object.keys(state.players);
  const [first, second] = state.turnOrder;
  if (first === second || ids.length !== 2 || !state.turnOrder.every((id) => Object.hasOwn(state.players, id))) {
    return { message: "the turn order names each of the two players once", path: ["turnOrder"] };
  }
  if (ids.some((id) => state.players[id]?.id !== id)) {
    return { message: "each player is kept under their own id", path: ["players"] };
  }
  if (ids.every(isNpc)) return { message: "at least one player is human", path: ["players"] };
  if (!ids.includes(state.currentPlayerId)) {
    return { message: "the current player is one of the players", path: ["currentPlayerId"] };
  }
  if (state.forcedActions.some(({ playerId }) => !ids.includes(playerId))) {
    return { message: "a forced action is one of the players'", path: ["forcedActions"] };
  }
  if (state.drawOfferedBy !== null && !ids.includes(state.drawOfferedBy)) {
    return { message: "a draw is offered by one of the players", path: ["drawOfferedBy"] };
  }
  if (state.phase === "ended" && state.turnDueAt !== null) {
    return { message: "no clock runs in a game that has ended", path: ["turnDueAt"] };
  }
  if ((state.phase === "ended") !== (state.result !== null)) {
    return { message: "a game has a result exactly when it has ended", path: ["result"] };
  }
  if (state.result?.winnerId != null && !ids.includes(state.result.winnerId)) {
    return { message: "the winner is one of the players", path: ["result", "winnerId"] };
  }
  return findCardInconsistency(state);
}

function findCardInconsistency(state: GameState): { message: string; path: readonly string[] } | null {
  const seen = new Set<string>();
  for (const card of allCards(state)) {
    if (seen.has(card.id)) return { message: "each card lies in one place", path: ["players"] };
    seen.add(card.id);
    if (!Object.hasOwn(state.cards, card.definitionId)) {
      return { message: "each card has a definition", path: ["cards"] };
    }
  }
  if (Object.entries(state.cards).some(([id, definition]) => definition.id !== id)) {
    return { message: "each definition is kept under its own id", path: ["cards"] };
  }
  return null;
}
