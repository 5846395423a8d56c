import { cardText } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { nameOf } from "../common/words.js";
import { cardName, definitionOf, hasMoves, type Moves, ownSide } from "./moves.js";
import type { Selection } from "./selection.js";

/** Whose move it is, in a few words. */
export function headline(view: GameView, moves: Moves): string {
  const other = view.turnOrder.find((id) => id !== view.viewerId) ?? null;
  if (offersDraw(moves)) return `${nameOf(view, other)} offers a draw.`;
  return hasMoves(moves) ? "Your move." : `${nameOf(view, other)} is to move.`;
}

/** What the player may do next, for a player who plays for the first time. */
export function hint(view: GameView, moves: Moves, { card, picked }: Selection): string {
  if (card !== null) {
    const chosen = moves.byCard.get(card) ?? [];
    const onTable = chosen.some(({ target }) => target !== null);
    const definition = definitionOf(view, card);
    const says = definition === undefined ? "" : cardText(definition).join(" ");
    return `${cardName(view, card)}. ${says} ${onTable ? "Choose where, on the table or here." : ""}`;
  }
  if (moves.choice?.kind === "setUp") {
    return picked.length === 0
      ? "Choose the creature in front, then those of the bench."
      : "Add to the bench, or lay out.";
  }
  if (moves.choice?.kind === "discard") return "Your hand is over the limit: choose what to discard.";
  if (moves.direct.size > 0) return "Choose who steps forward.";
  if (offersDraw(moves)) return "";
  if (!hasMoves(moves)) return "You will be asked when it is your move.";
  const types = new Set(moves.plain.map(({ action }) => action.type));
  if (types.has("draw")) return "Each turn begins with a card.";
  if (!types.has("endTurn")) return "";
  const use = moves.byCard.size > 0 ? "Use a framed card, or:" : "";
  return types.has("attack") ? use : `${whyNoAttack(view)} ${use}`;
}

const offersDraw = ({ plain }: Moves): boolean => plain.some(({ action }) => action.type === "acceptDraw");

function whyNoAttack(view: GameView): string {
  if (view.turnNumber === 1) return "Nobody attacks in the first turn.";
  const active = ownSide(view)?.active;
  const name = active ? (view.cards[active.definitionId]?.name ?? "Your creature") : "Your creature";
  for (const condition of ["dazed", "drowsy"] as const) {
    if (active?.conditions.includes(condition)) return `${name} is ${condition} and cannot attack.`;
  }
  return `${name} has not enough energy to attack.`;
}
