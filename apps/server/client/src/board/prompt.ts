import { cardText } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { conditionText } from "../common/conditions.js";
import { nameOf, plural } from "../common/words.js";
import { cardName, definitionOf, hasMoves, type Moves, ownSide } from "./moves.js";
import type { Selection } from "./selection.js";

/** Whose move it is, in a few words. */
export function headline(view: GameView, moves: Moves): string {
  if (offersDraw(moves)) return `${opponentName(view)} offers a draw.`;
  return hasMoves(moves) ? "Your move." : `${opponentName(view)} is to move.`;
}

const opponentName = (view: GameView): string =>
  nameOf(view, view.turnOrder.find((id) => id !== view.viewerId) ?? null);

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
    if (picked.length > 0) return "Add to the bench, or lay out.";
    return `${dealtAgain(view)} Choose the creature in front, then those of the bench.`;
  }
  if (moves.choice?.kind === "discard") return "Your hand is over the limit: choose what to discard.";
  if (moves.direct.size > 0) return "Choose who steps forward.";
  if (offersDraw(moves)) return "";
  if (!hasMoves(moves)) return "You will be asked when it is your move.";
  const types = new Set(moves.plain.map(({ action }) => action.type));
  if (types.has("mulliganDraw")) {
    const times = plural(mulligansOf(view, false), "hand");
    return `${opponentName(view)} was dealt ${times} without a creature, so you may draw more cards before you lay out.`;
  }
  if (types.has("draw")) return "Each turn begins with a card.";
  if (!types.has("endTurn")) return "";
  const use = moves.byCard.size > 0 ? "Use a framed card, or:" : "";
  return `${afflictions(view)} ${types.has("attack") ? "" : whyNoAttack(view)} ${use}`;
}

const mulligansOf = ({ recentActions, viewerId }: GameView, own: boolean): number =>
  recentActions.filter(({ type, playerId }) => type === "mulligan" && (playerId === viewerId) === own).length;

function dealtAgain(view: GameView): string {
  const times = mulligansOf(view, true);
  return times === 0 ? "" : `You were dealt ${plural(times, "hand")} without a creature, and then this one.`;
}

/** What is wrong with the player's active creature. */
function afflictions(view: GameView): string {
  const active = ownSide(view)?.active;
  const name = active ? cardName(view, active.id) : "";
  const texts = active?.conditions.map((one) => `${name} is ${one}: it ${conditionText(one, view.rules)}.`);
  return texts?.join(" ") ?? "";
}

const offersDraw = ({ plain }: Moves): boolean => plain.some(({ action }) => action.type === "acceptDraw");

function whyNoAttack(view: GameView): string {
  if (view.turnNumber === 1) return "Nobody attacks in the first turn.";
  const active = ownSide(view)?.active;
  if (active?.conditions.some((condition) => condition === "dazed" || condition === "drowsy")) return "";
  return `${active ? cardName(view, active.id) : "Your creature"} has not enough energy to attack.`;
}
