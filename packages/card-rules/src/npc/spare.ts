import type { Table } from "../board/table.js";

/** So many cards stay in the deck for the turns to come: who has to draw from an empty one loses. */
const deckReserve = 6;

/** Whether the deck is left with its reserve when so many cards are taken from it. */
export function maySpare({ deckCount }: Table, count: number): boolean {
  return deckCount - count >= deckReserve;
}
