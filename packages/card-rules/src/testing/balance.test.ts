import { expect, it } from "vitest";
import type { StarterDeck } from "../cards/decks.js";
import { type Contestant, playSeries } from "./tournament.js";

const games = 150;
const npc = (deck: StarterDeck): Contestant => ({ plays: "npc", deck });
const pairings: readonly (readonly [StarterDeck, StarterDeck])[] = [
  ["kiln", "marsh"],
  ["kiln", "kiln"],
  ["marsh", "marsh"],
];

it.each(pairings)("sensible players with %s and %s win alike from either seat, and end by fighting", (one, other) => {
  const series = playSeries(games, "balance", npc(one), npc(other));
  const { wins, winsOfFirstSeat, winsOfSecondSeat, endReasons, meanTurns } = series;
  for (const won of [wins.first, wins.second, winsOfFirstSeat, winsOfSecondSeat]) {
    expect(won / games).toBeGreaterThan(0.4);
    expect(won / games).toBeLessThan(0.6);
  }
  const fought = (endReasons.prizesTaken ?? 0) + (endReasons.noCreaturesLeft ?? 0);
  expect(fought / games).toBeGreaterThan(0.9);
  expect(meanTurns).toBeGreaterThan(10);
  expect(meanTurns).toBeLessThan(25);
});
