import type { Attack, CardDefinition, CreatureDefinition, EnergyCost } from "@turnkeep/game-state";
import { cardText, effectText } from "../card-text.js";
import { cardCatalogue } from "../cards/catalogue.js";
import { starterDecks } from "../cards/decks.js";
import { markdownTable } from "./markdown-table.js";

/** Every card with all that it says, and the starter decks, as a page of Markdown. */
export function cardGallery(): string {
  const creatures = ofKind("creature");
  const parts = [
    "# The cards",
    `${cardCatalogue.length} cards, written by \`npm run documents\` from the catalogue in \`src/cards\`; a test holds this page to it. How they are played: [README.md](README.md).`,
    "## Creatures",
    `A creature takes double damage from attacks of the element that it is weak to. An attack asks for its energies: an element's own, or any.`,
    markdownTable(
      ["creature", "element", "evolves from", "hit points", "attacks", "retreat", "weak to", "prizes"],
      creatures.map(creatureRow),
    ),
    "## Trainers",
    "Of supporters one may be played in a turn, of items any number.",
    markdownTable(
      ["trainer", "role", "what it does"],
      ofKind("trainer").map((card) => [card.name, card.role, cardText(card).join(" ")]),
    ),
    "## Stadiums",
    markdownTable(
      ["stadium", "while it lies there"],
      ofKind("stadium").map((card) => [card.name, cardText(card).join(" ")]),
    ),
    "## Tools",
    markdownTable(
      ["tool", "while it is worn"],
      ofKind("tool").map((card) => [card.name, cardText(card).join(" ")]),
    ),
    "## Energies",
    `${ofKind("energy")
      .map(({ name }) => name)
      .join(", ")}.`,
    "## Starter decks",
    ...Object.entries(starterDecks).map(([name, deck]) => `**${name}**: ${deckLine(deck)}.`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function ofKind<K extends CardDefinition["kind"]>(kind: K): readonly Extract<CardDefinition, { kind: K }>[] {
  return cardCatalogue.filter((card): card is Extract<CardDefinition, { kind: K }> => card.kind === kind);
}

function creatureRow(card: CreatureDefinition): readonly string[] {
  const { name, element, evolvesFrom, hitPoints, attacks, retreatCost, weakness, prizeValue } = card;
  const from = evolvesFrom === null ? "" : nameOf(evolvesFrom);
  const said = attacks.map(attackText).join("<br>");
  return [name, element, from, String(hitPoints), said, String(retreatCost), weakness ?? "", String(prizeValue)];
}

function attackText({ name, cost, damage, effects }: Attack): string {
  const does = [...(damage > 0 ? [`${damage} damage.`] : []), ...effects.map(effectText)];
  return `**${name}** (${costText(cost)}): ${does.join(" ")}`;
}

const costText = (cost: readonly EnergyCost[]): string => cost.join(", ");

const nameOf = (cardId: string): string => cardCatalogue.find(({ id }) => id === cardId)?.name ?? cardId;

function deckLine(deck: readonly string[]): string {
  return [...new Set(deck)].map((id) => `${deck.filter((other) => other === id).length} ${nameOf(id)}`).join(", ");
}
