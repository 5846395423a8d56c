import type { CardInstance, CreatureInPlay, GameState } from "@turnkeep/game-state";
import { enterPlay } from "../board/creatures.js";
import { changePlayer, opponentOf, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import type { CardActionOf } from "../card-action.js";

/** Lays out the player's first creatures; then it is the other's to do so, until both have. */
export function setUp(state: GameState, playerId: string, action: CardActionOf<"setUp">): GameState {
  const { hand } = playerOf(state, playerId);
  const chosen = [action.active, ...action.bench].flatMap((cardId): CardInstance[] => {
    const card = hand.find(({ id }) => id === cardId);
    return card === undefined ? [] : [card];
  });
  const [active, ...bench]: CreatureInPlay[] = chosen.map((card) => enterPlay(card, 0));
  const laidOut = changePlayer(state, playerId, {
    hand: hand.filter(({ id }) => !chosen.some((card) => card.id === id)),
    active: active ?? null,
    bench,
  });
  return record(
    { ...laidOut, currentPlayerId: opponentOf(state, playerId) },
    { type: "setUp", playerId, cards: chosen },
  );
}
