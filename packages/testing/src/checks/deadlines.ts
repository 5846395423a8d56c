import { kept } from "../play/kept.js";
import { deadline } from "../play/walk.js";
import type { Check } from "./check.js";

/** A deadline lies ahead, and once it has come the game is no longer due: or it would be due for ever. */
export const deadlinesPass: Check = ({ game, how }, { steps }) => {
  if (how.onDue === undefined) return null;
  for (const { serviceMs, move, made } of steps) {
    if (game.resultOf(kept(made)) !== null) continue;
    const dueAt = game.dueAt(kept(made));
    if (dueAt === null || dueAt > serviceMs) continue;
    if (move === deadline) return `after onDue at ${serviceMs} it is due at ${dueAt} still, and so for ever`;
    return `after a move at ${serviceMs} it is due at ${dueAt}, which is over`;
  }
  return null;
};
