import { cardCatalogue, starterDecks } from "@turnkeep/card-rules";
import type { CardDefinition } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { CardFace, describe, paint } from "../board/card.js";
import { wayBack } from "../common/router.js";
import { plural } from "../common/words.js";
import { useStore } from "../connection/store.js";
import { chosenDeck, DeckChoice, deckText } from "./deck-choice.js";

interface CountedCard {
  readonly card: CardDefinition;
  readonly count: number;
}

const kinds: readonly (readonly [CardDefinition["kind"], string])[] = [
  ["creature", "Creatures"],
  ["trainer", "Trainers"],
  ["stadium", "Stadiums"],
  ["tool", "Tools"],
  ["energy", "Energy"],
];

/** What is in the decks, card by card. */
export function DecksPage(): JSX.Element {
  const deck = useStore(chosenDeck);
  const back = wayBack();
  const cards = cardsOf(deck);
  const total = cards.reduce((sum, { count }) => sum + count, 0);
  return (
    <article class="panel deck">
      <h1>The deck {deckText(deck)}</h1>
      <DeckChoice looks={false} />
      <p class="quiet" role="status">
        {plural(total, "card")} of {elementsOf(cards).join(" and ")}, shuffled before each game.
      </p>
      <p class="buttons">
        <a class="button primary" href={back.href}>
          {back.text}
        </a>
        <a class="button" href="#/help">
          How to play
        </a>
      </p>
      {kinds.map(([kind, title]) => (
        <Kind key={kind} title={title} cards={cards.filter(({ card }) => card.kind === kind)} />
      ))}
    </article>
  );
}

function Kind({ title, cards }: { title: string; cards: readonly CountedCard[] }): JSX.Element | null {
  if (cards.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>
        {title} <small class="quiet">{cards.reduce((sum, { count }) => sum + count, 0)}</small>
      </h2>
      <ul class="spread">
        {cards.map(({ card, count }) => (
          <li key={card.id} aria-label={`${count} times ${describe(card)}`}>
            <div class={`card whole ${paint(card)}`}>
              <CardFace card={card} whole />
            </div>
            <b class="times" aria-hidden="true">
              × {count}
            </b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Each kind of card once, what evolves behind what it evolves from. */
function cardsOf(deck: string): readonly CountedCard[] {
  const ids: readonly string[] = (starterDecks as Readonly<Record<string, readonly string[]>>)[deck] ?? [];
  const counted = [...new Set(ids)].flatMap((id) => {
    const card = cardCatalogue.find((one) => one.id === id);
    return card === undefined ? [] : [{ card, count: ids.filter((other) => other === id).length }];
  });
  const family = ({ card }: CountedCard) => (card.kind === "creature" ? (card.evolvesFrom ?? card.id) : card.id);
  const place = (one: CountedCard) => counted.findIndex(({ card }) => card.id === family(one));
  return counted.sort((one, other) => place(one) - place(other));
}

const elementsOf = (cards: readonly CountedCard[]): readonly string[] => [
  ...new Set(cards.flatMap(({ card }) => (card.kind === "energy" ? [card.element] : []))),
];
