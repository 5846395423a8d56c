import type { Attack, CardInstance, CreatureInPlay } from "@turnkeep/game-state";
import type { Table } from "../board/table.js";
import { canPay } from "../check/energy-cost.js";
import { attacksOf, hitPointsLeft, threatTo, worthOfBestAttack } from "./fight.js";

/** How good it is to lay this energy on this creature of one's own, from 0. */
export function worthOfEnergy(table: Table, creature: CreatureInPlay, card: CardInstance): number {
  const lit: CreatureInPlay = { ...creature, energy: [...creature.energy, card] };
  const isActive = table.active?.id === creature.id;
  // What it can do at once, a knock-out above all.
  const gain = isActive ? Math.max(0, worthOfBestAttack(table, lit) - worthOfBestAttack(table, creature)) : 0;
  let best = gain > 0 ? 60 + gain : 0;
  for (const attack of attacksOf(table, creature)) best = Math.max(best, worthFor(table, creature, lit, card, attack));
  for (const attack of attacksToCome(table, creature)) {
    best = Math.max(best, worthFor(table, creature, lit, card, attack) * 0.7);
  }
  const isDoomed = isActive && table.bench.length > 0 && threatTo(table, creature) >= hitPointsLeft(table, creature);
  return isDoomed && gain === 0 ? best / 3 : best;
}

/** How much nearer the energy brings the creature to an attack that it cannot make yet. */
function worthFor(
  table: Table,
  creature: CreatureInPlay,
  lit: CreatureInPlay,
  card: CardInstance,
  { cost, damage, effects }: Attack,
): number {
  const isActive = table.active?.id === creature.id;
  if (effects.some(({ op }) => op === "damagePerEnergy") && canPay(creature, cost, table.cards)) return 15;
  if (canPay(creature, cost, table.cards)) return 0;
  const strength = damage + effects.length * 10;
  if (canPay(lit, cost, table.cards)) return strength + (isActive ? 60 : 30);
  return helps(table, lit, card, cost) ? strength / 2 + (isActive ? 20 : 10) : 0;
}

/** The attacks of the form that the player holds in hand for this creature. */
function attacksToCome(table: Table, { definitionId }: CreatureInPlay): readonly Attack[] {
  return table.hand.flatMap((card) => {
    const form = table.cards[card.definitionId];
    return form?.kind === "creature" && form.evolvesFrom === definitionId ? form.attacks : [];
  });
}

/** Whether this energy is one that the cost still lacked. */
function helps(table: Table, lit: CreatureInPlay, card: CardInstance, cost: readonly string[]): boolean {
  const definition = table.cards[card.definitionId];
  const element = definition?.kind === "energy" ? definition.element : null;
  const ofElement = lit.energy.filter(({ definitionId }) => {
    const energy = table.cards[definitionId];
    return energy?.kind === "energy" && energy.element === element;
  }).length;
  const wanted = cost.filter((part) => part === element).length;
  return ofElement <= wanted || (cost.includes("any") && lit.energy.length <= cost.length);
}
