import { kept } from "../play/kept.js";
import { statesOf } from "../play/walk.js";
import type { Check } from "./check.js";

/** A deadline lies ahead, and once it has come the game is no longer due: or it would be due for ever. */
export const deadlinesPass: Check = ({ game, how }, { steps, ...played }) => {
  if (how.onDue === undefined) return null;
  const states = statesOf({ steps, ...played });
  for (const [n, { serviceMs, move }] of steps.entries()) {
    const state = states[n + 1];
    if (state === undefined || game.resultOf(kept(state)) !== null) continue;
    const dueAt = game.dueAt(kept(state));
    if (dueAt === null || dueAt > serviceMs) continue;
    if (typeof move === "symbol") return `after onDue at ${serviceMs} it is due at ${dueAt} still, and so for ever`;
    return `after a move at ${serviceMs} it is due at ${dueAt}, which is over`;
  }
  return null;
};
