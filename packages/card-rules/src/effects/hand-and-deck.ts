import { type CardDefinition, type CardInstance, type GameState, shuffle } from "@turnkeep/game-state";
import { changePlayer, playerOf } from "../board/players.js";
import { record } from "../board/record.js";

/** Draws as many cards as the deck has, at most `count`. */
export function drawCards(state: GameState, playerId: string, count: number): GameState {
  const { deck, hand } = playerOf(state, playerId);
  const rest = deck.slice(0, Math.max(0, deck.length - count));
  const drawn = deck.slice(rest.length).reverse();
  const after = changePlayer(state, playerId, { deck: rest, hand: [...hand, ...drawn] });
  return record(after, { type: "draw", playerId, cards: drawn, visibleTo: "player" });
}

function shuffleInto(state: GameState, playerId: string, cards: readonly CardInstance[]): GameState {
  const shuffled = shuffle(state.random, cards);
  return changePlayer({ ...state, random: shuffled.random }, playerId, { deck: shuffled.items });
}

/** The hand goes back into the deck, then as many cards are drawn as the deck has, at most `count`. */
export function renewHand(state: GameState, playerId: string, count: number): GameState {
  const { deck, hand } = playerOf(state, playerId);
  return drawCards(
    shuffleInto(changePlayer(state, playerId, { hand: [] }), playerId, [...deck, ...hand]),
    playerId,
    count,
  );
}

/** The topmost cards of this kind come from the deck to the hand, for all to see; then the deck is shuffled. */
export function search(state: GameState, playerId: string, kind: CardDefinition["kind"], count: number): GameState {
  const { deck, hand } = playerOf(state, playerId);
  const fitting = deck.filter(({ definitionId }) => state.cards[definitionId]?.kind === kind);
  const found = fitting.slice(-count).reverse();
  const after = changePlayer(state, playerId, { hand: [...hand, ...found] });
  const rest = deck.filter((card) => !found.includes(card));
  return record(shuffleInto(after, playerId, rest), { type: "search", playerId, cards: found });
}

/** The newest energies of a discard pile, newest first. */
export function newestEnergies(
  cards: GameState["cards"],
  discard: readonly CardInstance[],
  count: number,
): readonly CardInstance[] {
  return discard
    .filter(({ definitionId }) => cards[definitionId]?.kind === "energy")
    .slice(-count)
    .reverse();
}

export function recoverEnergy(state: GameState, playerId: string, count: number): GameState {
  const { discard, hand } = playerOf(state, playerId);
  const found = newestEnergies(state.cards, discard, count);
  if (found.length === 0) return state;
  const after = changePlayer(state, playerId, {
    hand: [...hand, ...found],
    discard: discard.filter((card) => !found.includes(card)),
  });
  return record(after, { type: "recover", playerId, cards: found });
}
