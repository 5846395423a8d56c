import { difference, kept } from "../play/kept.js";
import { keptMove, statesOf, takeStep } from "../play/walk.js";
import { type Check, looksOf } from "./check.js";

/** Nothing changes the state or the move that it is given: states are frozen, so in play that throws. */
export const inputStaysAsItIs: Check = (players, played) => {
  for (const { before, move, serviceMs } of played.steps) {
    const state = kept(before);
    const given = keptMove(move);
    takeStep(players, state, given, serviceMs);
    const found = difference(before, state) ?? difference(move, given, "the move");
    if (found !== null) return `the rules change what they are given: ${found}`;
  }
  for (const state of statesOf(played)) {
    for (const [name, look] of looksOf(players)) {
      const given = kept(state);
      look(given);
      const found = difference(state, given);
      if (found !== null) return `${name} changes the state that it is given: ${found}`;
    }
  }
  return null;
};
