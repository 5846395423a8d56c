import { difference, kept } from "../play/kept.js";
import { statesOf } from "../play/walk.js";
import { type Check, nameOf, viewersOf } from "./check.js";

/** What a viewer may not see does not reach the view: it stays the same with canaries in all those places. */
export const viewsLeakNothing: Check = ({ game, how: { canaries } }, played) => {
  if (canaries === undefined) return null;
  for (const state of statesOf(played)) {
    for (const viewer of viewersOf(game.playersOf(kept(state)))) {
      const view = kept(game.viewFor(kept(state), viewer));
      const found = difference(view, kept(game.viewFor(kept(canaries(kept(state), viewer)), viewer)));
      if (found !== null) return `the view of ${nameOf(viewer)} depends on what is hidden: ${found}`;
    }
  }
  return null;
};
