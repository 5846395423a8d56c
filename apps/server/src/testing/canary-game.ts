import type { CardAction } from "@turnkeep/card-rules";
import { newCardGame } from "@turnkeep/card-rules";
import type { CardDefinition, GameState } from "@turnkeep/game-state";
import { parseOwnRules } from "../games/served/game-rules.js";
import { servedCardGame } from "../games/served/served-card-game.js";
import type { ServedGame } from "../games/served/served-game.js";

const deckSize = 30;

/** A deck in which every card is one of its kind, whose name appears nowhere else. */
function canaryDeck(owner: string): CardDefinition[] {
  return Array.from({ length: deckSize }, (_, index): CardDefinition => {
    const id = `canary-${owner}-${index}`;
    const name = `Canary ${owner} ${index}`;
    // Fewer energies than a hand holds: an opening hand without a creature would be shown, as the rules say.
    if (index % 8 === 0) return { kind: "energy", id, name, element: "ember" };
    const attack = { name: `Peck ${owner} ${index}`, cost: ["any" as const], damage: 20, effects: [] };
    return {
      kind: "creature",
      id,
      name,
      element: "tide",
      evolvesFrom: null,
      hitPoints: 40,
      attacks: [attack],
      retreatCost: 1,
      weakness: null,
      prizeValue: 1,
    };
  });
}

/** The card game with decks whose every card would be recognised wherever it turned up. */
export const canaryGame: ServedGame<GameState, CardAction> = {
  ...servedCardGame,
  newGame: ({ gameId, gameType, seed, serviceMs, rules, playerId, opponentId }) => {
    const decks = [canaryDeck("a"), canaryDeck("b")] as const;
    const ids = (deck: readonly CardDefinition[]) => deck.map(({ id }) => id);
    return newCardGame({
      gameId,
      gameType,
      seed,
      serviceMs,
      rules: parseOwnRules(rules),
      cards: decks.flat(),
      players: [
        { id: playerId, name: "A", deck: ids(decks[0]) },
        { id: opponentId, name: "B", deck: ids(decks[1]) },
      ],
    });
  },
};

/** Names of the cards that nobody, or nobody but their owner, may know now: decks, prizes, hands. */
export function hiddenFrom(state: GameState, viewerId: string | null): readonly string[] {
  return Object.values(state.players).flatMap(({ id, deck, prizes, hand }) =>
    [...deck, ...prizes, ...(id === viewerId ? [] : hand)].map(({ definitionId }) => definitionId),
  );
}
