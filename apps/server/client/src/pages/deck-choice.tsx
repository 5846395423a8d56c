import { starterDecks } from "@turnkeep/card-rules";
import type { JSX } from "preact";
import { createStore, useStore } from "../connection/store.js";

const key = "turnkeep.deck";
export const deckNames = Object.keys(starterDecks);

/** With which deck the player of this browser plays. */
export const chosenDeck = createStore(stored());

export function chooseDeck(deck: string): void {
  localStorage.setItem(key, deck);
  chosenDeck.set(deck);
}

/** A player who never chose gets the other deck than the player who invites. */
export function chooseForGuest(): void {
  if (localStorage.getItem(key) === null) chosenDeck.set(deckNames.at(-1) ?? "");
}

function stored(): string {
  const found = localStorage.getItem(key);
  return deckNames.find((deck) => deck === found) ?? deckNames[0] ?? "";
}

export const deckText = (deck: string): string => `${deck.slice(0, 1).toUpperCase()}${deck.slice(1)}`;

/** One of the ready decks, all of whose cards may be looked at before. */
export function DeckChoice({ looks = true }: { looks?: boolean }): JSX.Element {
  const deck = useStore(chosenDeck);
  return (
    <fieldset class="decks">
      <legend>Your deck</legend>
      {deckNames.map((name) => (
        <label key={name} class={name === deck ? "chosen" : ""}>
          <input type="radio" name="deck" value={name} checked={name === deck} onChange={() => chooseDeck(name)} />
          {deckText(name)}
        </label>
      ))}
      {looks && (
        <a class="look" href="#/decks">
          See its cards
        </a>
      )}
    </fieldset>
  );
}
