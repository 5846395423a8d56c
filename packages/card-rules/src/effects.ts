import { type Condition, cardsOf, creaturesOf, drawNumber, type Effect, type GameState } from "@turnkeep/game-state";
import { changeCreature, switchActive } from "./creatures.js";
import { bareCard, changePlayer, opponentOf, playerOf } from "./players.js";
import { record } from "./record.js";

/** Carries out an effect for the player; `targetId` is the creature that the player chose, if any. */
export function carryOut(state: GameState, playerId: string, effect: Effect, targetId: string | null): GameState {
  const { active } = playerOf(state, playerId);
  switch (effect.op) {
    case "draw":
      return drawCards(state, playerId, effect.count);
    case "heal":
      return heal(state, playerId, effect.target === "active" ? (active?.id ?? null) : targetId, effect.amount);
    case "switchActive":
      return targetId === null ? state : switchActive(state, playerId, targetId);
    case "inflict":
      return inflict(state, opponentOf(state, playerId), effect.condition);
    case "recoil":
      return active === null ? state : dealDamage(state, playerId, active.id, effect.amount);
    case "damageBench": {
      const opponentId = opponentOf(state, playerId);
      const ids = playerOf(state, opponentId).bench.map(({ id }) => id);
      return ids.reduce((hit, id) => dealDamage(hit, opponentId, id, effect.amount), state);
    }
    case "damageOnHeads":
      // Part of the attack's damage, which has been dealt before the effects are carried out.
      return state;
  }
}

/** Draws as many cards as the deck has, at most `count`. */
export function drawCards(state: GameState, playerId: string, count: number): GameState {
  const { deck, hand } = playerOf(state, playerId);
  const rest = deck.slice(0, Math.max(0, deck.length - count));
  const drawn = deck.slice(rest.length).reverse();
  const after = changePlayer(state, playerId, { deck: rest, hand: [...hand, ...drawn] });
  return record(after, { type: "draw", playerId, cards: drawn, visibleTo: "player" });
}

/** Puts damage on a creature of this player. */
export function dealDamage(state: GameState, playerId: string, creatureId: string, amount: number): GameState {
  const creature = creaturesOf(playerOf(state, playerId)).find(({ id }) => id === creatureId);
  if (creature === undefined || amount === 0) return state;
  const after = changeCreature(state, playerId, creatureId, (hit) => ({ ...hit, damage: hit.damage + amount }));
  return record(after, { type: "damage", playerId, cards: [bareCard(creature)], amount });
}

function heal(state: GameState, playerId: string, creatureId: string | null, most: number): GameState {
  const creature = creaturesOf(playerOf(state, playerId)).find(({ id }) => id === creatureId);
  if (creature === undefined || creature.damage === 0) return state;
  const amount = Math.min(most, creature.damage);
  const after = changeCreature(state, playerId, creature.id, (hurt) => ({ ...hurt, damage: hurt.damage - amount }));
  return record(after, { type: "heal", playerId, cards: [bareCard(creature)], amount });
}

function inflict(state: GameState, playerId: string, condition: Condition): GameState {
  const { active } = playerOf(state, playerId);
  if (active === null || active.conditions.includes(condition)) return state;
  const conditions = [...active.conditions, condition].sort();
  const after = changePlayer(state, playerId, { active: { ...active, conditions } });
  return record(after, { type: "condition", playerId, cards: [bareCard(active)] });
}

/** Flips a coin: 1 is heads, 0 tails. */
export function flipCoin(state: GameState, playerId: string): { state: GameState; heads: boolean } {
  const { value, random } = drawNumber(state.random, 2);
  return { state: record({ ...state, random }, { type: "coinFlip", playerId, amount: value }), heads: value === 1 };
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
