import { createGameState, type NewCardGame } from "../create-game-state.js";
import type { GameState } from "../game-state.js";
import type { CardDefinition } from "../parts/card-definition.js";
import type { CardInstance } from "../parts/card-instance.js";

/** A small game for tests: two users, decks of ten cards. */
export const sampleIds = {
  one: "11111111-1111-4111-8111-111111111111",
  two: "22222222-2222-4222-8222-222222222222",
} as const;

const creature = (id: string): CardDefinition => ({
  kind: "creature",
  id,
  name: `The ${id}`,
  element: "ember",
  evolvesFrom: null,
  hitPoints: 50,
  attacks: [{ name: "Nip", cost: ["any"], damage: 10, effects: [] }],
  retreatCost: 1,
  weakness: null,
  prizeValue: 1,
});

const energy: CardDefinition = { kind: "energy", id: "glow", name: "Glow", element: "ember" };

export function sampleGame(change: Partial<NewCardGame> = {}): NewCardGame {
  const deck = [...Array.from({ length: 4 }, () => "mouse"), ...Array.from({ length: 6 }, () => "glow")];
  return {
    gameId: "3e3e3e3e-3333-4333-8333-3c3c3c3c3c3c",
    gameType: "freeplay",
    rules: { deckSize: 10 },
    cards: [creature("mouse"), creature("unused"), energy],
    players: [
      { id: sampleIds.one, name: "One", deck },
      { id: sampleIds.two, name: "Two", deck },
    ],
    seed: "sample",
    ...change,
  };
}

/** A game under way: player one's hidden cards, all named canary, lie in deck, hand and prizes and in a record. */
export function samplePlay(): GameState {
  const state = createGameState(sampleGame());
  const player = state.players[sampleIds.one];
  if (player === undefined) throw new Error("the sample game has no first player");
  const owner = state.turnOrder.indexOf(sampleIds.one);
  const canary = (zone: string): CardInstance => ({ id: `canary-${zone}`, definitionId: `canary-${zone}`, owner });
  const zones = ["deck", "hand", "prize", "drawn"];
  return {
    ...state,
    phase: "main",
    cards: {
      ...state.cards,
      ...Object.fromEntries(zones.map((zone) => [`canary-${zone}`, creature(`canary-${zone}`)])),
    },
    players: {
      ...state.players,
      [player.id]: {
        ...player,
        deck: [...player.deck.slice(0, 6), canary("deck")],
        hand: [canary("hand")],
        prizes: [canary("prize")],
      },
    },
    forcedActions: [{ type: "discard", playerId: player.id, count: 1 }],
    recordCount: 1,
    recentActions: [
      {
        seq: 1,
        turn: 1,
        type: "draw",
        playerId: player.id,
        cards: [canary("drawn")],
        visibleTo: "player",
        amount: null,
        at: null,
      },
    ],
  };
}
