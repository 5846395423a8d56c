import type { GameState } from "@turnkeep/game-state";
import { bareCard, changePlayer, playerOf, without } from "../board/players.js";
import { record } from "../board/record.js";
import type { CardActionOf } from "../card-action.js";
import { drawCards } from "../effects/hand-and-deck.js";

/** The player's first forced action is done. */
function completeForced(state: GameState, playerId: string): GameState {
  const done = state.forcedActions.findIndex((forced) => forced.playerId === playerId);
  return { ...state, forcedActions: state.forcedActions.filter((_, index) => index !== done) };
}

export function mulliganDraw(state: GameState, playerId: string, { count }: CardActionOf<"mulliganDraw">): GameState {
  const drawn = record(completeForced(state, playerId), { type: "mulliganDraw", playerId, amount: count });
  return count === 0 ? drawn : drawCards(drawn, playerId, count);
}

export function promote(state: GameState, playerId: string, action: CardActionOf<"promote">): GameState {
  const { bench } = playerOf(state, playerId);
  const active = bench.find(({ id }) => id === action.cardId);
  if (active === undefined) throw new TypeError("a promotion has been checked to name a creature of the bench");
  const promoted = changePlayer(state, playerId, { active, bench: without(bench, active.id) });
  return record(completeForced(promoted, playerId), { type: "promote", playerId, cards: [bareCard(active)] });
}

export function discard(state: GameState, playerId: string, action: CardActionOf<"discard">): GameState {
  const player = playerOf(state, playerId);
  const chosen = player.hand.filter(({ id }) => action.cardIds.includes(id));
  const discarded = changePlayer(state, playerId, {
    hand: player.hand.filter(({ id }) => !action.cardIds.includes(id)),
    discard: [...player.discard, ...chosen],
  });
  return record(completeForced(discarded, playerId), { type: "discard", playerId, cards: chosen });
}
