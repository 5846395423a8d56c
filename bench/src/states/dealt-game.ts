import { newCardGame, starterDecks } from "@turnkeep/card-rules";
import type { GameState } from "@turnkeep/game-state";
import { gameIdOf, players } from "./played-game.js";

/** A new game of the two starter decks, as the server deals it. */
export const dealtGame = (number: number): GameState =>
  newCardGame({
    gameId: gameIdOf(number),
    gameType: "ranked",
    players: [
      { id: players[0], name: "One", deck: starterDecks.kiln },
      { id: players[1], name: "Two", deck: starterDecks.marsh },
    ],
    seed: `dealt ${number}`,
  });
