import {
  type CardDefinition,
  createGameState,
  type GameState,
  type NewCardGame,
  shuffle,
  TurnkeepError,
} from "@turnkeep/game-state";
import { cardCatalogue } from "./cards/catalogue.js";
import { changePlayer, playerOf } from "./players.js";

/** Of cards other than energy, a deck may hold so many of one kind. */
export const maxCopies = 4;

export type NewGame = Omit<NewCardGame, "cards"> & Partial<Pick<NewCardGame, "cards">>;

/**
 * A new game, dealt: hands (each with a creature in it), prizes, and the first player about to lay out. The same input
 * gives the same state.
 * @throws InvalidGameId, InvalidInput, also for a deck against the rules
 */
export function newCardGame(input: NewGame): GameState {
  const created = createGameState({ cards: cardCatalogue, ...input });
  const { rules } = created;
  if (rules.openingHandSize + rules.prizeCount >= rules.deckSize) {
    throw invalid("rules: the deck is larger than opening hand and prizes");
  }
  for (const [index, { deck }] of input.players.entries()) checkDeck(created.cards, deck, `players.${index}.deck`);
  return created.turnOrder.reduce(deal, created);
}

function checkDeck(cards: Readonly<Record<string, CardDefinition>>, deck: readonly string[], path: string): void {
  const counts = new Map<string, number>();
  for (const id of deck) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [id, count] of counts) {
    if (cards[id]?.kind !== "energy" && count > maxCopies) throw invalid(`${path}: at most ${maxCopies} of each card`);
  }
  if (!deck.some((id) => cards[id]?.kind === "creature")) throw invalid(`${path}: at least one creature`);
}

/** Shuffles until the opening hand has a creature. */
function deal(state: GameState, playerId: string): GameState {
  const { openingHandSize, prizeCount } = state.rules;
  let { random } = state;
  let deck = playerOf(state, playerId).deck;
  const opensWell = () =>
    deck.slice(-openingHandSize).some(({ definitionId }) => state.cards[definitionId]?.kind === "creature");
  while (!opensWell()) {
    const shuffled = shuffle(random, deck);
    deck = shuffled.items;
    random = shuffled.random;
  }
  const rest = deck.slice(0, -openingHandSize);
  return changePlayer({ ...state, random }, playerId, {
    hand: deck.slice(-openingHandSize),
    prizes: rest.slice(-prizeCount),
    deck: rest.slice(0, -prizeCount),
  });
}

function invalid(issue: string) {
  return new TurnkeepError("InvalidInput", `no card game can be made of this: ${issue}`, { issues: [issue] });
}
