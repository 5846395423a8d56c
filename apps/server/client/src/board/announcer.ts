import type { GameView } from "@turnkeep/game-state";
import { recordText, resultText } from "../common/words.js";
import { createStore } from "../connection/store.js";
import { hasMoves, movesOf } from "./moves.js";

/** What a screen reader says next. */
export const announcement = createStore("");

export const announce = (text: string): void => announcement.set(text);

const mostAtOnce = 9;
let announced = { gameId: "", seq: 0 };

/** Announces what happened since the last announcement; of a game that is looked at for the first time, nothing. */
export function announceRecords(view: GameView): void {
  const newest = view.recentActions.at(-1)?.seq ?? 0;
  const before = announced;
  announced = { gameId: view.gameId, seq: newest };
  if (before.gameId !== view.gameId) return;
  const fresh = view.recentActions.filter(({ seq }) => seq > before.seq).slice(-mostAtOnce);
  if (fresh.length === 0) return;
  const happened = fresh.map((record) => recordText(view, record));
  const isMine = hasMoves(movesOf(view)) && fresh.some(({ playerId }) => playerId !== view.viewerId);
  announce([...happened, resultText(view), isMine ? "Your move" : ""].filter(Boolean).join(". "));
}
