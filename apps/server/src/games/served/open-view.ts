import {
  type CardDefinition,
  type GameState,
  type GameView,
  type PlayerView,
  viewFor,
  viewRecord,
} from "@turnkeep/game-state";
import { viewerAmong } from "./project-game.js";
import type { Onlooker } from "./served-game.js";

/**
 * A state of a game that is over: as its viewer saw it then or, where the rules open it, with everybody's hand and what
 * was shown to one player alone. Decks and prizes stay as they were: face down.
 */
export function openView(state: GameState, { viewerId, open }: Onlooker): GameView {
  const view = viewFor(state, viewerAmong(state.turnOrder, viewerId));
  if (!open) return view;
  const players: Record<string, PlayerView> = {};
  let cards: Record<string, CardDefinition> = { ...view.cards };
  for (const playerId of state.turnOrder) {
    const own = viewFor(state, { playerId });
    const side = own.players[playerId];
    if (side !== undefined) players[playerId] = side;
    cards = { ...cards, ...own.cards };
  }
  const recentActions = state.recentActions.map((record) => viewRecord(record, record.playerId));
  return { ...view, players, cards, recentActions };
}
