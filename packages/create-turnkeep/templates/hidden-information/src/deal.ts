import { randomInt } from "node:crypto";

/** The cards from 1 on, shuffled and dealt to the players alike. Chance that a player cannot foresee is not Math.random. */
export function deal(
  cards: number,
  players: readonly string[],
  random: () => number = () => randomInt(2 ** 32) / 2 ** 32,
): Record<string, number[]> {
  const deck = Array.from({ length: cards }, (_, n) => ({ card: n + 1, at: random() })).sort((a, b) => a.at - b.at);
  const each = cards / players.length;
  const hand = (n: number) => deck.slice(n * each, (n + 1) * each).map(({ card }) => card);
  return Object.fromEntries(players.map((player, n) => [player, hand(n)]));
}
