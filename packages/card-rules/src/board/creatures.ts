import type { CardInstance, CreatureDefinition, CreatureInPlay, GameState } from "@turnkeep/game-state";
import { changePlayer, playerOf } from "./players.js";

/** A creature's printed side. A state whose creatures have none does not pass its schema. */
export function creatureDefinition(state: GameState, card: CardInstance): CreatureDefinition {
  const definition = state.cards[card.definitionId];
  if (definition?.kind !== "creature") throw new TypeError("a creature in play has a creature's definition");
  return definition;
}

/** A card of the hand as a fresh creature in play. */
export function enterPlay(card: CardInstance, turnNumber: number): CreatureInPlay {
  return { ...card, damage: 0, energy: [], tools: [], conditions: [], under: [], enteredOnTurn: turnNumber };
}

/** The state with this creature of the player's changed, wherever it stands. */
export function changeCreature(
  state: GameState,
  playerId: string,
  creatureId: string,
  change: (creature: CreatureInPlay) => CreatureInPlay,
): GameState {
  const { active, bench } = playerOf(state, playerId);
  if (active?.id === creatureId) return changePlayer(state, playerId, { active: change(active) });
  return changePlayer(state, playerId, {
    bench: bench.map((creature) => (creature.id === creatureId ? change(creature) : creature)),
  });
}

/** The active creature, free of its conditions, and this one of the bench change places. */
export function switchActive(state: GameState, playerId: string, benchId: string): GameState {
  const { active, bench } = playerOf(state, playerId);
  const incoming = bench.find(({ id }) => id === benchId);
  if (active === null || incoming === undefined) return state;
  const leaving: CreatureInPlay = { ...active, conditions: [] };
  return changePlayer(state, playerId, {
    active: incoming,
    bench: bench.map((creature) => (creature.id === benchId ? leaving : creature)),
  });
}
