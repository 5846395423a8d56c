import { type GameState, type GameView, viewFor } from "@turnkeep/game-state";
import { type Table, tableOfView } from "./board/table.js";
import type { CardAction } from "./card-action.js";
import { legalActionsAt } from "./check/legal-actions.js";
import { worthOf } from "./npc/worth.js";

/**
 * What the game's own player does with this seat now; `null` while there is nothing for it to do. It looks at nothing
 * but the seat's own view, and the same view gives the same action. It never concedes, and its games end, if only by
 * the turn limit.
 */
export function chooseAction(state: GameState, playerId: string): CardAction | null {
  return chooseActionFromView(viewFor(state, { playerId }));
}

/** The same for a client, which has its view alone. */
export function chooseActionFromView(view: GameView): CardAction | null {
  const table = tableOfView(view);
  return table === null ? null : chooseAt(table);
}

function chooseAt(table: Table): CardAction | null {
  let best: { action: CardAction; worth: number } | null = null;
  for (const action of legalActionsAt(table)) {
    const worth = worthOf(table, action);
    if (worth !== null && (best === null || worth > best.worth)) best = { action, worth };
  }
  return best?.action ?? null;
}
