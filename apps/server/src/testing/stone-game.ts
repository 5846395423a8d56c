import { type CardAction, newCardGame } from "@turnkeep/card-rules";
import type { GameState } from "@turnkeep/game-state";
import { servedCardGame } from "../games/served/served-card-game.js";
import type { ServedGame } from "../games/served/served-game.js";

const copies = (definitionId: string, count: number) => Array.from({ length: count }, () => definitionId);
const deck = [
  ...copies("gravel-ram", 4),
  ...copies("ration-tin", 4),
  ...copies("standing-stones", 4),
  ...copies("stone-energy", 18),
];

/** The card game, dealt so that each hand has a creature, and a tool and a stadium that raise its hit points. */
export const stoneGame: ServedGame<GameState, CardAction> = {
  ...servedCardGame,
  newGame: ({ gameId, gameType, serviceMs, playerId, opponentId }) =>
    newCardGame({
      gameId,
      gameType,
      serviceMs,
      seed: "stones and tins",
      rules: { openingHandSize: 20, prizeCount: 1, handLimit: 30 },
      players: [
        { id: playerId, name: "A", deck },
        { id: opponentId, name: "B", deck },
      ],
    }),
};
