import {
  type CardInstance,
  createGameState,
  type ForcedAction,
  type GameState,
  type NewCardGame,
  shuffle,
  TurnkeepError,
} from "@turnkeep/game-state";
import { changePlayer, opponentOf, playerOf } from "./board/players.js";
import { record } from "./board/record.js";
import { cardCatalogue } from "./cards/catalogue.js";
import { deckProblems, describeDeckProblem, isBasic } from "./check/deck-problems.js";

export type NewGame = Omit<NewCardGame, "cards"> & Partial<Pick<NewCardGame, "cards">>;

/**
 * A new game, dealt: hands (each with a creature in it that can be laid out), prizes, and the first player about to lay
 * out. A hand without such a creature is shown, shuffled back and dealt again; for each time that it happened to one
 * player more often than to the other, the other may draw a card: a forced action before laying out. The same input
 * gives the same state.
 * @throws InvalidGameId, InvalidInput, also for a deck against the rules
 */
export function newCardGame(input: NewGame): GameState {
  const cards = input.cards ?? cardCatalogue;
  const created = createGameState({ ...input, cards });
  const { rules } = created;
  if (rules.openingHandSize + rules.prizeCount >= rules.deckSize) {
    throw invalid("rules: the deck is larger than opening hand and prizes");
  }
  for (const [index, { deck }] of input.players.entries()) {
    const [problem] = deckProblems(deck, rules, cards);
    if (problem !== undefined) throw invalid(`players.${index}.deck: ${describeDeckProblem(problem)}`);
  }
  const [first, second] = created.turnOrder;
  const one = deal(created, first);
  const two = deal(one.state, second);
  const behind = one.mulligans > two.mulligans ? first : second;
  return allowDraws(two.state, opponentOf(created, behind), Math.abs(one.mulligans - two.mulligans));
}

function deal(state: GameState, playerId: string): { state: GameState; mulligans: number } {
  const { openingHandSize, prizeCount } = state.rules;
  let after = state;
  let deck = playerOf(state, playerId).deck;
  let mulligans = 0;
  while (!canOpen(state, deck.slice(-openingHandSize))) {
    const shown = deck.slice(-openingHandSize);
    const shuffled = shuffle(after.random, deck);
    deck = shuffled.items;
    after = record({ ...after, random: shuffled.random }, { type: "mulligan", playerId, cards: shown });
    mulligans++;
  }
  const rest = deck.slice(0, -openingHandSize);
  const dealt = changePlayer(after, playerId, {
    hand: deck.slice(-openingHandSize),
    prizes: rest.slice(-prizeCount),
    deck: rest.slice(0, -prizeCount),
  });
  return { state: dealt, mulligans };
}

function canOpen(state: GameState, hand: readonly CardInstance[]): boolean {
  return hand.some(({ definitionId }) => isBasic(state.cards[definitionId]));
}

/** Never more than leave a card in the deck. */
function allowDraws(state: GameState, playerId: string, mulligans: number): GameState {
  const count = Math.min(mulligans, playerOf(state, playerId).deck.length - 1);
  const forced: ForcedAction[] = count > 0 ? [{ type: "mulliganDraw", playerId, count }] : [];
  return forced.length === 0 ? state : { ...state, forcedActions: forced };
}

function invalid(issue: string) {
  return new TurnkeepError("InvalidInput", `no card game can be made of this: ${issue}`, { issues: [issue] });
}
