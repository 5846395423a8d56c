import {
  type CardAction,
  cardRules,
  newCardGame,
  playerActionSchema,
  type StarterDeck,
  starterDecks,
} from "@turnkeep/card-rules";
import { cardGame, type GameState, gameViewSchema } from "@turnkeep/game-state";
import { invalidInput } from "./refusals.js";
import type { ServedGame } from "./served-game.js";

/** The card game, as this server offers it: with the starter decks. */
export const servedCardGame: ServedGame<GameState, CardAction> = {
  game: cardGame,
  rules: cardRules,
  newGame: ({ gameId, gameType, seed, playerId, opponentId, deck, opponentDeck, name, opponentName }) =>
    newCardGame({
      gameId,
      gameType,
      seed,
      players: [
        { id: playerId, name: name ?? nameFrom(playerId), deck: deckOf("deck", deck ?? "kiln") },
        {
          id: opponentId,
          name: opponentName ?? nameFrom(opponentId),
          deck: deckOf("opponentDeck", opponentDeck ?? "marsh"),
        },
      ],
    }),
  stamp: (action, at) => ({ ...action, at }),
  concession: { type: "concede" },
  described: { view: gameViewSchema, action: playerActionSchema },
};

function nameFrom(playerId: string): string {
  return `Player ${playerId.slice(0, 4)}`;
}

function deckOf(field: string, name: string): readonly string[] {
  if (Object.hasOwn(starterDecks, name)) return starterDecks[name as StarterDeck];
  throw invalidInput(`${field}: one of ${Object.keys(starterDecks).join(", ")}`);
}
