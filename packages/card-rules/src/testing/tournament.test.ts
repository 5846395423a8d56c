import { expect, it } from "vitest";
import { playSeries, type SeriesResult } from "./tournament.js";
import { tournamentTable } from "./tournament-table.js";

/** All but how long the rules took, which no seed decides. */
const results = ({ microsecondsPerAction: _, ...others }: SeriesResult) => others;

const games = 6;
const play = (seed: string) =>
  playSeries(games, seed, { plays: "npc", deck: "kiln" }, { plays: "chance", deck: "marsh" });

it("a series gives each game one winner, one seat and one end, and the same from the same seed", () => {
  const series = play("series");
  const { wins, winsOfFirstSeat, winsOfSecondSeat, endReasons } = series;
  expect(wins.first + wins.second + wins.nobody).toBe(games);
  expect(winsOfFirstSeat + winsOfSecondSeat).toBe(games - wins.nobody);
  expect(Object.values(endReasons).reduce((sum, count) => sum + count, 0)).toBe(games);
  expect(series.longestTurns).toBeGreaterThanOrEqual(series.meanTurns);
  expect(results(play("series"))).toEqual(results(series));
  expect(results(play("another"))).not.toEqual(results(series));
});

it("the table has a line for each series, with shares in percent", () => {
  const lines = tournamentTable([
    {
      name: "npc kiln : chance marsh",
      games: 4,
      seed: "made up",
      wins: { first: 2, second: 1, nobody: 1 },
      winsOfFirstSeat: 3,
      winsOfSecondSeat: 0,
      endReasons: { tied: 1, prizesTaken: 3 },
      meanTurns: 12,
      longestTurns: 20,
      meanActions: 50,
      microsecondsPerAction: 18.54,
    },
  ]).split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]?.split(/ {2,}/)).toEqual([
    "npc kiln : chance marsh",
    "50.0%",
    "25.0%",
    "25.0%",
    "75.0%",
    "0.0%",
    "12.0 (max 20)",
    "50.0",
    "18.5",
    "prizesTaken 75.0%, tied 25.0%",
  ]);
});
