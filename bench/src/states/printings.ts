import { cardCatalogue } from "@turnkeep/card-rules";
import type { CardDefinition } from "@turnkeep/game-state";

/** The catalogue in several printings: the same cards under ids of their own, as a larger game would have. */
export const printings = (count: number): readonly CardDefinition[] =>
  Array.from({ length: count }, (_, printing) => cardCatalogue.map((card) => reprint(card, printing))).flat();

function reprint(card: CardDefinition, printing: number): CardDefinition {
  const idOf = (id: string) => (printing === 0 ? id : `${id}-${printing + 1}`);
  const id = idOf(card.id);
  if (card.kind !== "creature") return { ...card, id };
  const evolvesFrom = card.evolvesFrom === null ? null : idOf(card.evolvesFrom);
  // Later printings know twice the attacks, as cards of later years do.
  return { ...card, id, evolvesFrom, attacks: printing < 1 ? card.attacks : [...card.attacks, ...card.attacks] };
}
