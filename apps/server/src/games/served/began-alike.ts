import { isDeepStrictEqual } from "node:util";
import { allCards, type GameState } from "@turnkeep/game-state";

/** True for two states of games that were asked for in the same way, however far either has come. */
export function beganAlike(one: GameState, other: GameState): boolean {
  return isDeepStrictEqual(beginningOf(one), beginningOf(other));
}

/** What never changes in a game, without what chance decided: the seats. */
function beginningOf(state: GameState) {
  const { gameType, rules, players, turnOrder } = state;
  const names = turnOrder.map((id) => `${id} ${players[id]?.name}`);
  const decks = allCards(state).map(({ owner, definitionId }) => `${turnOrder[owner]} ${definitionId}`);
  return { gameType, rules, names: names.sort(), decks: decks.sort() };
}
