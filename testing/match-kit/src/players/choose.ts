import { type CardAction, chooseActionFromView, legalActionsFromView } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { pick, type Random } from "../random.js";
import type { PlayStyle } from "./play-style.js";

/** What a player of this style does now, as far as the view shows; `null` while there is nothing to do. */
export function choose(view: GameView, style: PlayStyle, random: Random): CardAction | null {
  if (view.turnNumber >= style.asleepFromTurn) return null;
  const sensible = chooseActionFromView(view);
  if (style.wantsDraw) {
    const peace = legalActionsFromView(view).find(({ type }) => type === "acceptDraw" || type === "offerDraw");
    if (peace !== undefined) return peace;
  }
  if (sensible === null) return null;
  if (random() < style.concedes) return { type: "concede" };
  if (random() >= style.whims) return sensible;
  const others = legalActionsFromView(view).filter(({ type }) => type !== "concede");
  return pick(random, others) ?? sensible;
}
