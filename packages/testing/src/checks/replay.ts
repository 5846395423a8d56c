import { difference, kept } from "../play/kept.js";
import { type Check, messageOf } from "./check.js";

/** The log, played over the first state, leads to the last one. */
export const replayEqualsPlay: Check = ({ how: { replay } }, { first, steps }) => {
  if (replay === undefined) return null;
  let state = first;
  for (const { made, log } of steps) {
    try {
      for (const entry of log) state = kept(replay(kept(state), kept(entry)));
    } catch (error) {
      return `the replay fails with “${messageOf(error)}”`;
    }
    const found = difference(kept(made), state);
    if (found !== null) return `play and replay differ: ${found}`;
  }
  return null;
};
