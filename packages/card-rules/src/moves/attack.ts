import type { GameState } from "@turnkeep/game-state";
import type { CardActionOf } from "../card-action.js";
import { creatureDefinition } from "../creatures.js";
import { carryOut, dealDamage, flipCoin } from "../effects.js";
import { bareCard, opponentOf, playerOf } from "../players.js";
import { record } from "../record.js";

/** Coins are flipped, damage is dealt (doubled by weakness), then the attack's other effects come in order. */
export function attack(state: GameState, playerId: string, action: CardActionOf<"attack">): GameState {
  const attacker = playerOf(state, playerId).active;
  const opponentId = opponentOf(state, playerId);
  const defender = playerOf(state, opponentId).active;
  if (attacker === null) throw new TypeError("an attack has been checked to have an attacker");
  const definition = creatureDefinition(state, attacker);
  const chosen = definition.attacks[action.attackIndex];
  if (chosen === undefined) throw new TypeError("an attack has been checked to exist");

  let after = record(
    { ...state, phase: "attack" },
    { type: "attack", playerId, cards: [bareCard(attacker)], amount: action.attackIndex },
  );
  let damage = chosen.damage;
  for (const effect of chosen.effects) {
    if (effect.op !== "damageOnHeads") continue;
    const flipped = flipCoin(after, playerId);
    after = flipped.state;
    if (flipped.heads) damage += effect.amount;
  }
  if (defender !== null) {
    const isWeak = creatureDefinition(state, defender).weakness === definition.element;
    after = dealDamage(after, opponentId, defender.id, isWeak ? damage * 2 : damage);
  }
  return chosen.effects.reduce((done, effect) => carryOut(done, playerId, effect, null), after);
}
