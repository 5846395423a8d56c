import type { CardInstance, CreatureInPlay, GameState } from "@turnkeep/game-state";
import { retreatCostOf } from "../board/continuing.js";
import { changeCreature, enterPlay, switchActive } from "../board/creatures.js";
import { bareCard, changePlayer, playerOf, without } from "../board/players.js";
import { record } from "../board/record.js";
import type { CardActionOf } from "../card-action.js";
import { carryOut } from "../effects/carry-out.js";

/** Takes a card out of the player's hand; that it is there has been checked. */
function takeFromHand(state: GameState, playerId: string, cardId: string): { state: GameState; card: CardInstance } {
  const { hand } = playerOf(state, playerId);
  const card = hand.find(({ id }) => id === cardId);
  if (card === undefined) throw new TypeError("a card that is played has been checked to be in the hand");
  return { state: changePlayer(state, playerId, { hand: without(hand, cardId) }), card };
}

export function playCreature(state: GameState, playerId: string, action: CardActionOf<"playCreature">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const bench = [...playerOf(state, playerId).bench, enterPlay(taken.card, state.turnNumber)];
  const after = changePlayer(taken.state, playerId, { bench });
  return record(after, { type: "playCreature", playerId, cards: [taken.card] });
}

/** The new form takes the creature's place with all that lies on it, damage as well, and free of conditions. */
export function evolve(state: GameState, playerId: string, action: CardActionOf<"evolve">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const evolved = changeCreature(
    taken.state,
    playerId,
    action.targetId,
    (creature): CreatureInPlay => ({
      ...creature,
      ...taken.card,
      conditions: [],
      under: [...creature.under, bareCard(creature)],
      enteredOnTurn: state.turnNumber,
    }),
  );
  return record(evolved, { type: "evolve", playerId, cards: [taken.card] });
}

export function attachEnergy(state: GameState, playerId: string, action: CardActionOf<"attachEnergy">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const attached = changeCreature(taken.state, playerId, action.targetId, (creature) => ({
    ...creature,
    energy: [...creature.energy, taken.card],
  }));
  const flags = { ...playerOf(attached, playerId).flags, energyAttached: true };
  return record(changePlayer(attached, playerId, { flags }), { type: "attachEnergy", playerId, cards: [taken.card] });
}

export function attachTool(state: GameState, playerId: string, action: CardActionOf<"attachTool">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const attached = changeCreature(taken.state, playerId, action.targetId, (creature) => ({
    ...creature,
    tools: [...creature.tools, taken.card],
  }));
  return record(attached, { type: "attachTool", playerId, cards: [taken.card] });
}

/** The card is discarded first, then its effects are carried out in order. */
export function playTrainer(state: GameState, playerId: string, action: CardActionOf<"playTrainer">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const definition = state.cards[taken.card.definitionId];
  if (definition?.kind !== "trainer") throw new TypeError("a trainer card has been checked to be one");
  const { discard, flags } = playerOf(taken.state, playerId);
  const played = changePlayer(taken.state, playerId, {
    discard: [...discard, taken.card],
    flags: definition.role === "supporter" ? { ...flags, supporterPlayed: true } : flags,
  });
  return definition.effects.reduce(
    (after, effect) => carryOut(after, playerId, effect, action.targetId),
    record(played, { type: "playTrainer", playerId, cards: [taken.card] }),
  );
}

/** The stadium that lay there goes to the discard pile of the player whose card it is. */
export function playStadium(state: GameState, playerId: string, action: CardActionOf<"playStadium">): GameState {
  const taken = takeFromHand(state, playerId, action.cardId);
  const placed = record(
    { ...taken.state, stadium: taken.card },
    { type: "playStadium", playerId, cards: [taken.card] },
  );
  const old = state.stadium;
  const ownerId = state.turnOrder[old?.owner === 0 ? 0 : 1];
  if (old === null) return placed;
  const cleared = changePlayer(placed, ownerId, { discard: [...playerOf(placed, ownerId).discard, old] });
  return record(cleared, { type: "leaveStadium", playerId: ownerId, cards: [old] });
}

export function retreat(state: GameState, playerId: string, action: CardActionOf<"retreat">): GameState {
  const { active, discard, flags } = playerOf(state, playerId);
  if (active === null) throw new TypeError("a retreat has been checked to have an active creature");
  const kept = active.energy.length - retreatCostOf(state, active);
  const cards = active.energy.slice(kept);
  const paid = changePlayer(state, playerId, {
    active: { ...active, energy: active.energy.slice(0, kept) },
    discard: [...discard, ...cards],
    flags: { ...flags, retreated: true },
  });
  return record(switchActive(paid, playerId, action.benchId), { type: "retreat", playerId, cards });
}
