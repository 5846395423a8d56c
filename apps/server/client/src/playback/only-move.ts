import type { CardAction } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { type Moves, ownSide } from "../board/moves.js";

/** What a player does who has no choice: they draw, or send their last creature forward. `null` where there is one. */
export function onlyMove(view: GameView, { byCard, direct, plain, choice }: Moves): CardAction | null {
  const [move, other] = [...plain, ...direct.values()];
  if (move === undefined || other !== undefined || byCard.size > 0 || choice !== null) return null;
  const { type } = move.action;
  // Who cannot draw has lost: they may rather concede.
  const draws = type === "draw" && (ownSide(view)?.deckCount ?? 0) > 0;
  return draws || type === "promote" ? move.action : null;
}
