import type { Attack, CreatureInPlay, GameState } from "@turnkeep/game-state";
import { damageDealt } from "../board/continuing.js";
import { creatureDefinition } from "../board/creatures.js";
import { bareCard, opponentOf, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import type { CardActionOf } from "../card-action.js";
import { carryOut } from "../effects/carry-out.js";
import { flipCoin } from "../effects/coin.js";
import { dealDamage } from "../effects/on-creatures.js";

/** Coins are flipped, damage is dealt, then the attack's other effects come in order. */
export function attack(state: GameState, playerId: string, action: CardActionOf<"attack">): GameState {
  const attacker = playerOf(state, playerId).active;
  const opponentId = opponentOf(state, playerId);
  const defender = playerOf(state, opponentId).active;
  if (attacker === null) throw new TypeError("an attack has been checked to have an attacker");
  const chosen = creatureDefinition(state, attacker).attacks[action.attackIndex];
  if (chosen === undefined) throw new TypeError("an attack has been checked to exist");

  let after = record(
    { ...state, phase: "attack" },
    { type: "attack", playerId, cards: [bareCard(attacker)], amount: action.attackIndex },
  );
  let plain = sureDamage(chosen, attacker, defender);
  for (const effect of chosen.effects) {
    if (effect.op !== "damageOnHeads") continue;
    const flipped = flipCoin(after, playerId);
    after = flipped.state;
    if (flipped.heads) plain += effect.amount;
  }
  if (defender !== null) {
    after = dealDamage(after, opponentId, defender.id, damageDealt(state, attacker, defender, plain));
  }
  return chosen.effects.reduce((done, effect) => carryOut(done, playerId, effect, null), after);
}

/** The damage of an attack without coins, before anything else changes it. */
export function sureDamage(attack: Attack, attacker: CreatureInPlay, defender: CreatureInPlay | null): number {
  let damage = attack.damage;
  for (const effect of attack.effects) {
    if (effect.op === "damagePerEnergy") damage += effect.amount * attacker.energy.length;
    if (effect.op === "damageIfHurt" && defender !== null && defender.damage > 0) damage += effect.amount;
  }
  return damage;
}
