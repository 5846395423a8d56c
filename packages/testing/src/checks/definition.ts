import { checkedGame } from "@turnkeep/core";
import { kept, shown } from "../play/kept.js";
import { statesOf } from "../play/walk.js";
import { type Check, messageOf } from "./check.js";

/** What the definition's functions return can be stored, and a game keeps its id. */
export const definitionHolds: Check = ({ game }, played) => {
  try {
    const checked = checkedGame(game);
    const id = checked.idOf(kept(played.first));
    for (const state of statesOf(played)) {
      checked.schemaVersionOf(kept(state) as Record<string, unknown>);
      checked.turnOf(kept(state));
      checked.playersOf(kept(state));
      checked.rulesOf(kept(state));
      if (checked.resultOf(kept(state)) === null) checked.dueAt(kept(state));
      const other = checked.idOf(kept(state));
      if (other !== id) return `idOf is ${shown(id)}, and then ${shown(other)}: a game keeps its id`;
    }
    return checked.resultOf(kept(played.first)) === null ? null : "a new game is over already";
  } catch (error) {
    return messageOf(error);
  }
};
