import {
  type CardAction,
  cardRules,
  enforceTimeOut,
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
  newGame: ({ gameId, gameType, seed, serviceMs, playerId, opponentId, deck, opponentDeck, name, opponentName }) =>
    newCardGame({
      gameId,
      gameType,
      seed,
      serviceMs,
      players: [
        { id: playerId, name: name ?? nameFrom(playerId), deck: deckOf("deck", deck ?? "kiln") },
        {
          id: opponentId,
          name: opponentName ?? nameFrom(opponentId),
          deck: deckOf("opponentDeck", opponentDeck ?? "marsh"),
        },
      ],
    }),
  stamp: (action, stamps) => ({ ...action, ...stamps }),
  timeOut: enforceTimeOut,
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
