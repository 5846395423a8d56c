import type { CardDefinition, CreatureInPlay, EnergyCost } from "@turnkeep/game-state";

/** Whether the energies on this creature cover the cost: each element by its own kind, the rest by any. */
export function canPay(
  creature: CreatureInPlay,
  cost: readonly EnergyCost[],
  cards: Readonly<Record<string, CardDefinition>>,
): boolean {
  if (creature.energy.length < cost.length) return false;
  const left = creature.energy.flatMap(({ definitionId }) => {
    const definition = cards[definitionId];
    return definition?.kind === "energy" ? [definition.element] : [];
  });
  for (const wanted of cost) {
    if (wanted === "any") continue;
    const found = left.indexOf(wanted);
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return left.length >= cost.filter((wanted) => wanted === "any").length;
}
