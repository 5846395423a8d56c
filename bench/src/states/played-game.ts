import { cardRules, chooseAction, newCardGame } from "@turnkeep/card-rules";
import type { GameState } from "@turnkeep/game-state";
import { printings } from "./printings.js";

/** Sizes of states that are measured, in KB of JSON. */
export const stateSizes = [4, 10, 20, 80] as const;
export type StateSize = (typeof stateSizes)[number];

interface Deck {
  readonly cards: number;
  /** Different cards among them; both players have their own. */
  readonly kinds: number;
  readonly actions: number;
}

/** Found by trying: games of these decks, stopped after so many actions, are about as large as their name says. */
const decks: Readonly<Record<StateSize, Deck>> = {
  4: { cards: 10, kinds: 2, actions: 3 },
  10: { cards: 18, kinds: 5, actions: 16 },
  20: { cards: 50, kinds: 20, actions: 40 },
  80: { cards: 100, kinds: 100, actions: 60 },
};

/** Players of all games that are measured. */
export const players = ["1a1a1a1a-1111-4111-8111-111111111111", "2b2b2b2b-2222-4222-8222-222222222222"] as const;

/** A game in the middle of real play, the same for the same seed: the game's own player has played both sides by its rules. */
export function playedGame(size: StateSize, seed: number): GameState {
  const { cards, kinds, actions } = decks[size];
  const catalogue = printings(Math.ceil((2 * kinds) / 20) + 1);
  const deckOf = (seat: number) => {
    const own = catalogue.slice(seat * kinds, (seat + 1) * kinds);
    return Array.from({ length: cards }, (_, index) => (own[index % own.length] as (typeof own)[number]).id);
  };
  let state = newCardGame({
    gameId: gameIdOf(seed),
    gameType: "ranked",
    rules: {
      deckSize: cards,
      prizeCount: 6 <= cards / 4 ? 6 : 2,
      openingHandSize: 3,
      maxCopies: 100,
      turnTimeMs: null,
    },
    cards: catalogue,
    players: [
      { id: players[0], name: "One", deck: deckOf(0) },
      { id: players[1], name: "Two", deck: deckOf(1) },
    ],
    seed: `game ${seed}`,
  });
  for (let played = 0; played < actions; played += 1) {
    const after = playOne(state);
    if (after === null) break;
    state = after;
  }
  return state;
}

/** `null` where the next action would end the game. */
function playOne(state: GameState): GameState | null {
  for (const playerId of state.turnOrder) {
    const action = chooseAction(state, playerId);
    if (action === null) continue;
    const after = cardRules.apply(state, playerId, action).state;
    return after.result === null ? after : null;
  }
  return null;
}

/** The same ids in every run. */
export function gameIdOf(number: number): string {
  return `3c3c3c3c-3333-4333-8333-${number.toString(16).padStart(12, "0")}`;
}
