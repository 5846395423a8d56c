import { type GameState, gameStateSchema, viewFor } from "@turnkeep/game-state";

/** What a page does with a document, such as a replay that was opened as a file: checks it, and shows what one player saw. */
export function viewOf(text: string, playerId: string) {
  const document = gameStateSchema.parse(JSON.parse(text));
  return viewFor(document satisfies GameState, { playerId });
}
