import { findInconsistency } from "./consistency.js";
import { gameStateShape } from "./game-state.js";

/** A card game's state, whole: it holds hidden cards and the random numbers, and never leaves a server. */
export const gameStateSchema = gameStateShape.superRefine((state, context) => {
  const found = findInconsistency(state);
  if (found !== null) context.addIssue({ code: "custom", message: found.message, path: [...found.path] });
});
