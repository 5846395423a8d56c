import type { GameState } from "@turnkeep/game-state";
import type { CardActionOf } from "../card-action.js";
import { drawCards } from "../effects/hand-and-deck.js";
import { bareCard, changePlayer, playerOf, without } from "../players.js";
import { record } from "../record.js";

/** The player's first forced action is done. */
function settleForced(state: GameState, playerId: string): GameState {
  const done = state.forcedActions.findIndex((forced) => forced.playerId === playerId);
  return { ...state, forcedActions: state.forcedActions.filter((_, index) => index !== done) };
}

export function mulliganDraw(state: GameState, playerId: string, { count }: CardActionOf<"mulliganDraw">): GameState {
  const told = record(settleForced(state, playerId), { type: "mulliganDraw", playerId, amount: count });
  return count === 0 ? told : drawCards(told, playerId, count);
}

export function promote(state: GameState, playerId: string, action: CardActionOf<"promote">): GameState {
  const { bench } = playerOf(state, playerId);
  const active = bench.find(({ id }) => id === action.cardId);
  if (active === undefined) throw new TypeError("a promotion has been checked to name a creature of the bench");
  const promoted = changePlayer(state, playerId, { active, bench: without(bench, active.id) });
  return record(settleForced(promoted, playerId), { type: "promote", playerId, cards: [bareCard(active)] });
}

export function discard(state: GameState, playerId: string, action: CardActionOf<"discard">): GameState {
  const player = playerOf(state, playerId);
  const chosen = player.hand.filter(({ id }) => action.cardIds.includes(id));
  const discarded = changePlayer(state, playerId, {
    hand: player.hand.filter(({ id }) => !action.cardIds.includes(id)),
    discard: [...player.discard, ...chosen],
  });
  return record(settleForced(discarded, playerId), { type: "discard", playerId, cards: chosen });
}
