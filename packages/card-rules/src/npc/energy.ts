import type { CardInstance, CreatureInPlay } from "@turnkeep/game-state";
import { canPay } from "../energy-cost.js";
import type { Table } from "../table.js";
import { attacksOf, hitPointsLeft, threatTo } from "./fight.js";

/** How good it is to lay this energy on this creature of one's own, from 0. */
export function worthOfEnergy(table: Table, creature: CreatureInPlay, card: CardInstance): number {
  const lit: CreatureInPlay = { ...creature, energy: [...creature.energy, card] };
  const isActive = table.active?.id === creature.id;
  let best = 0;
  for (const { cost, damage, effects } of attacksOf(table, creature)) {
    const strength = damage + effects.length * 10;
    if (canPay(creature, cost, table.cards)) continue;
    if (canPay(lit, cost, table.cards)) best = Math.max(best, strength + (isActive ? 60 : 30));
    else if (helps(table, lit, card, cost)) best = Math.max(best, strength / 2 + (isActive ? 20 : 10));
  }
  const grows = attacksOf(table, creature).some(({ effects }) => effects.some(({ op }) => op === "damagePerEnergy"));
  if (grows) best = Math.max(best, 15);
  const isDoomed = isActive && table.bench.length > 0 && threatTo(table, creature) >= hitPointsLeft(table, creature);
  return isDoomed && best < 60 ? best / 3 : best;
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
