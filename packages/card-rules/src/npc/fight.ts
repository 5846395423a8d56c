import type { Attack, CreatureInPlay, Effect } from "@turnkeep/game-state";
import { damageDealt, hitPointsOf } from "../board/continuing.js";
import type { Table } from "../board/table.js";
import { canPay } from "../check/energy-cost.js";
import { sureDamage } from "../moves/attack.js";
import { maySpare } from "./spare.js";

/** What winning a prize is worth, against points of damage. */
const prizeWorth = 300;
const winWorth = 10_000;

export function attacksOf(table: Table, creature: CreatureInPlay): readonly Attack[] {
  const definition = table.cards[creature.definitionId];
  return definition?.kind === "creature" ? definition.attacks : [];
}

export function hitPointsLeft(table: Table, creature: CreatureInPlay): number {
  return hitPointsOf(table, creature) - creature.damage;
}

function prizesFor(table: Table, creature: CreatureInPlay): number {
  const definition = table.cards[creature.definitionId];
  return definition?.kind === "creature" ? definition.prizeValue : 0;
}

/** How good it is to make this attack with this creature of one's own; coins count for half of each side. */
export function worthOfAttack(table: Table, attacker: CreatureInPlay, attack: Attack): number {
  const defender = table.opponent.active;
  if (defender === null) return 0;
  const sure = sureDamage(attack, attacker, defender);
  const onHeads = attack.effects.reduce(
    (sum, effect) => sum + (effect.op === "damageOnHeads" ? effect.amount : 0),
    sure,
  );
  const hits = (worthOfHit(table, attacker, defender, sure) + worthOfHit(table, attacker, defender, onHeads)) / 2;
  return attack.effects.reduce((sum, effect) => sum + worthOfExtra(table, attacker, effect), hits);
}

/** Damage beyond the last hit point is worth nothing. */
function worthOfHit(table: Table, attacker: CreatureInPlay, defender: CreatureInPlay, plain: number): number {
  const left = hitPointsLeft(table, defender);
  const damage = damageDealt(table, attacker, defender, plain);
  if (damage < left) return damage;
  const prizes = prizesFor(table, defender);
  const wins = table.prizeCount <= prizes || table.opponent.bench.length === 0;
  return left + prizes * prizeWorth + (wins ? winWorth : 0);
}

function worthOfExtra(table: Table, attacker: CreatureInPlay, effect: Effect): number {
  switch (effect.op) {
    case "recoil": {
      if (hitPointsLeft(table, attacker) > effect.amount) return -effect.amount / 2;
      const prizes = prizesFor(table, attacker);
      const loses = table.opponent.prizeCount <= prizes || table.bench.length === 0;
      return -prizes * prizeWorth - 100 - (loses ? winWorth : 0);
    }
    case "damageBench":
      return (effect.amount * table.opponent.bench.length) / 2;
    case "inflict":
      return table.opponent.active?.conditions.includes(effect.condition) ? 0 : 15;
    case "inflictOnHeads":
      return table.opponent.active?.conditions.includes(effect.condition) ? 0 : 8;
    case "discardEnergy":
      return effect.from === "own" ? -8 * effect.count : Math.min(table.opponent.active?.energy.length ?? 0, 1) * 20;
    case "heal":
      return Math.min(effect.amount, attacker.damage);
    case "draw":
      return maySpare(table, effect.count) ? 8 : -60;
    case "rekindle":
    case "recoverEnergy":
      return 8;
    default:
      return 0;
  }
}

/** The best that this creature of one's own could do, were it active; 0 if it can do nothing. */
export function worthOfBestAttack(table: Table, attacker: CreatureInPlay): number {
  if (attacker.conditions.includes("dazed") || attacker.conditions.includes("drowsy")) return 0;
  let best = 0;
  for (const attack of attacksOf(table, attacker)) {
    if (canPay(attacker, attack.cost, table.cards)) best = Math.max(best, worthOfAttack(table, attacker, attack));
  }
  return best;
}

/** The most damage that the opponent's active creature may do to this one in the next turn, one energy richer. */
export function threatTo(table: Table, creature: CreatureInPlay): number {
  const { active } = table.opponent;
  if (active === null) return 0;
  const affordable = attacksOf(table, active).filter(({ cost }) => cost.length <= active.energy.length + 1);
  return affordable.reduce(
    (most, attack) => Math.max(most, damageDealt(table, active, creature, sureDamage(attack, active, creature))),
    0,
  );
}
