import type { GameState } from "../game-state.js";
import type { CardInstance, CreatureInPlay } from "./card-instance.js";
import type { PlayerState } from "./player-state.js";

/** A player's creatures in play: the active one first, then the bench. */
export function creaturesOf(player: Pick<PlayerState, "active" | "bench">): readonly CreatureInPlay[] {
  return player.active === null ? player.bench : [player.active, ...player.bench];
}

/** A creature in play with the cards that lie on it. */
export function cardsOf(creature: CreatureInPlay): readonly CardInstance[] {
  return [creature, ...creature.under, ...creature.energy, ...creature.tools];
}

/** Every card of the game, wherever it lies. */
export function allCards(state: GameState): readonly CardInstance[] {
  const cards: CardInstance[] = state.stadium === null ? [] : [state.stadium];
  for (const id of state.turnOrder) {
    const player = state.players[id];
    if (player === undefined) continue;
    cards.push(...player.deck, ...player.hand, ...player.prizes, ...player.discard);
    for (const creature of creaturesOf(player)) cards.push(...cardsOf(creature));
  }
  return cards;
}
