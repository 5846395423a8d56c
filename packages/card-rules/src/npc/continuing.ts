import type { CardDefinition, ContinuingEffect, CreatureInPlay } from "@turnkeep/game-state";
import type { Table } from "../board/table.js";

/** How good a continuing effect is for a creature that it applies to. */
function worthForWearer(effect: ContinuingEffect): number {
  switch (effect.op) {
    case "attackDamage":
      return effect.amount * 1.5;
    case "damageTaken":
      return -effect.amount * 1.5;
    case "hitPoints":
      return effect.amount;
    case "retreatCost":
      return -effect.amount * 4;
    case "mend":
      return effect.amount;
    case "ward":
      return 5;
  }
}

/** How good what this tool or stadium does is for this creature. */
export function worthFor(table: Table, source: CardDefinition | undefined, creature: CreatureInPlay): number {
  if (source?.kind !== "tool" && source?.kind !== "stadium") return 0;
  const definition = table.cards[creature.definitionId];
  const element = definition?.kind === "creature" ? definition.element : null;
  const applying = source.continuing.filter((effect) => effect.element === null || effect.element === element);
  return applying.reduce((sum, effect) => sum + worthForWearer(effect), 0);
}

/** How much better the stadium is for the player's own side than for the other; active creatures count double. */
export function worthOfStadium(table: Table, stadium: CardDefinition | undefined): number {
  const side = (active: CreatureInPlay | null, bench: readonly CreatureInPlay[]) => {
    const ofBench = bench.reduce((sum, creature) => sum + worthFor(table, stadium, creature), 0);
    return ofBench + (active === null ? 0 : 2 * worthFor(table, stadium, active));
  };
  return side(table.active, table.bench) - side(table.opponent.active, table.opponent.bench);
}
