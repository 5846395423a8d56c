import { type CardDefinition, defaultRules, type RulesConfig } from "@turnkeep/game-state";
import { cardCatalogue } from "../cards/catalogue.js";

/** Something about a deck that the rules refuse; `cardId` names the definition that it is about. */
export type DeckProblem =
  | { readonly code: "wrongSize"; readonly size: number; readonly wanted: number }
  | { readonly code: "unknownCard"; readonly cardId: string }
  | { readonly code: "tooManyCopies"; readonly cardId: string; readonly count: number; readonly most: number }
  | { readonly code: "noBasicCreature" };

type Cards = readonly CardDefinition[];

/**
 * All that is wrong with a deck, a list of card definitions' ids; empty for a deck that may be played. Any number of
 * one kind of energy is allowed.
 */
export function deckProblems(
  deck: readonly string[],
  rules: Pick<RulesConfig, "deckSize" | "maxCopies"> = defaultRules,
  cards: Cards = cardCatalogue,
): readonly DeckProblem[] {
  const known = new Map(cards.map((card) => [card.id, card]));
  const counts = new Map<string, number>();
  for (const cardId of deck) counts.set(cardId, (counts.get(cardId) ?? 0) + 1);
  const problems: DeckProblem[] = [];
  if (deck.length !== rules.deckSize) {
    problems.push({ code: "wrongSize", size: deck.length, wanted: rules.deckSize });
  }
  for (const [cardId, count] of counts) {
    const kind = known.get(cardId)?.kind;
    if (kind === undefined) problems.push({ code: "unknownCard", cardId });
    else if (kind !== "energy" && count > rules.maxCopies) {
      problems.push({ code: "tooManyCopies", cardId, count, most: rules.maxCopies });
    }
  }
  if (!deck.some((cardId) => isBasic(known.get(cardId)))) problems.push({ code: "noBasicCreature" });
  return problems;
}

/** A creature that comes into play by itself. */
export function isBasic(card: CardDefinition | undefined): boolean {
  return card?.kind === "creature" && card.evolvesFrom === null;
}

/** One problem in words. */
export function describeDeckProblem(problem: DeckProblem): string {
  switch (problem.code) {
    case "wrongSize":
      return `${problem.wanted} cards, not ${problem.size}`;
    case "unknownCard":
      return "only cards that are defined";
    case "tooManyCopies":
      return `at most ${problem.most} of each card, energies excepted`;
    case "noBasicCreature":
      return "at least one creature that needs no other";
  }
}
