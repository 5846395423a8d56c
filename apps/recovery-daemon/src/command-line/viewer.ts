import { createCodec, type Viewer } from "@turnkeep/core";
import { cardGame } from "@turnkeep/game-state";
import { type GameInspection, largestStateBytes, newestState } from "@turnkeep/operations";

/** Who looks, as a flag names them: a player's id, or `spectator`. */
export const viewerNamed = (name: string): Viewer => (name === "spectator" ? "spectator" : { playerId: name });

/** A game's newest state as this viewer sees it; `null` if there is none. @throws what decoding it throws */
export function viewOf(seen: GameInspection, viewer: string): unknown {
  const text = newestState(seen);
  if (text === null) return null;
  const state = createCodec(cardGame, { maxStateBytes: largestStateBytes }).decodeState(text);
  return cardGame.viewFor(state, viewerNamed(viewer));
}
