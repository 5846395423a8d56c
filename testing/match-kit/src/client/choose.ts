import { type CardAction, chooseActionFromView, legalActionsFromView } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { pick, type Random } from "../random.js";
import type { Manner } from "./manner.js";

/** What a player of this manner does now, as far as the view tells; `null` while there is nothing to do. */
export function choose(view: GameView, manner: Manner, random: Random): CardAction | null {
  if (view.turnNumber >= manner.asleepFromTurn) return null;
  const sensible = chooseActionFromView(view);
  if (manner.wantsDraw) {
    const peace = legalActionsFromView(view).find(({ type }) => type === "acceptDraw" || type === "offerDraw");
    if (peace !== undefined) return peace;
  }
  if (sensible === null) return null;
  if (random() < manner.concedes) return { type: "concede" };
  if (random() >= manner.whims) return sensible;
  const others = legalActionsFromView(view).filter(({ type }) => type !== "concede");
  return pick(random, others) ?? sensible;
}
