import { type Condition, cardsOf, conditionSchema, creaturesOf, type GameState } from "@turnkeep/game-state";
import { isWarded } from "../board/continuing.js";
import { changeCreature } from "../board/creatures.js";
import { bareCard, changePlayer, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import { newestEnergies } from "./hand-and-deck.js";

/** Puts damage on a creature of this player. */
export function dealDamage(state: GameState, playerId: string, creatureId: string, amount: number): GameState {
  const creature = creaturesOf(playerOf(state, playerId)).find(({ id }) => id === creatureId);
  if (creature === undefined || amount === 0) return state;
  const after = changeCreature(state, playerId, creatureId, (hit) => ({ ...hit, damage: hit.damage + amount }));
  return record(after, { type: "damage", playerId, cards: [bareCard(creature)], amount });
}

export function heal(state: GameState, playerId: string, creatureId: string | null, most: number): GameState {
  const creature = creaturesOf(playerOf(state, playerId)).find(({ id }) => id === creatureId);
  if (creature === undefined || creature.damage === 0) return state;
  const amount = Math.min(most, creature.damage);
  const after = changeCreature(state, playerId, creature.id, (hurt) => ({ ...hurt, damage: hurt.damage - amount }));
  return record(after, { type: "heal", playerId, cards: [bareCard(creature)], amount });
}

/** Lays a condition on the player's active creature, unless it has it already or is warded from it. */
export function inflict(state: GameState, playerId: string, condition: Condition): GameState {
  const { active } = playerOf(state, playerId);
  if (active === null || active.conditions.includes(condition) || isWarded(state, active, condition)) return state;
  const conditions = [...active.conditions, condition].sort();
  const after = changePlayer(state, playerId, { active: { ...active, conditions } });
  const amount = conditionSchema.options.indexOf(condition);
  return record(after, { type: "condition", playerId, cards: [bareCard(active)], amount });
}

/** Takes these conditions from the player's active creature. */
export function cure(state: GameState, playerId: string, cured: readonly Condition[]): GameState {
  const { active } = playerOf(state, playerId);
  if (active === null || !active.conditions.some((condition) => cured.includes(condition))) return state;
  const conditions = active.conditions.filter((condition) => !cured.includes(condition));
  const after = changePlayer(state, playerId, { active: { ...active, conditions } });
  return record(after, { type: "cure", playerId, cards: [bareCard(active)] });
}

/** The newest energies come off the player's active creature. */
export function discardEnergy(state: GameState, playerId: string, count: number): GameState {
  const { active, discard } = playerOf(state, playerId);
  if (active === null || active.energy.length === 0) return state;
  const energy = active.energy.slice(0, Math.max(0, active.energy.length - count));
  const lost = active.energy.slice(energy.length);
  const after = changePlayer(state, playerId, { active: { ...active, energy }, discard: [...discard, ...lost] });
  return record(after, { type: "discardEnergy", playerId, cards: lost });
}

/** The newest energy of the discard pile goes onto this creature of the player's. */
export function rekindle(state: GameState, playerId: string, creatureId: string | null): GameState {
  const { discard } = playerOf(state, playerId);
  const [card] = newestEnergies(state.cards, discard, 1);
  if (card === undefined || creatureId === null) return state;
  const taken = changePlayer(state, playerId, { discard: discard.filter((other) => other !== card) });
  const after = changeCreature(taken, playerId, creatureId, (lit) => ({ ...lit, energy: [...lit.energy, card] }));
  return record(after, { type: "recover", playerId, cards: [card] });
}

/** A creature leaves play with all that lies on it, for the discard pile. */
export function discardCreature(state: GameState, playerId: string, creatureId: string): GameState {
  const { active, bench, discard } = playerOf(state, playerId);
  const creature = creaturesOf({ active, bench }).find(({ id }) => id === creatureId);
  if (creature === undefined) return state;
  return changePlayer(state, playerId, {
    active: active?.id === creatureId ? null : active,
    bench: bench.filter(({ id }) => id !== creatureId),
    discard: [...discard, ...cardsOf(creature).map(bareCard)],
  });
}
