import type { RulesConfig } from "@turnkeep/game-state";
import { durationText } from "./times.js";
import { plural } from "./words.js";

/** The rules that games differ in, as a player reads them: what, and how much. */
export function rulesText(rules: RulesConfig): readonly (readonly [string, string])[] {
  const { prizeCount, openingHandSize, handLimit, benchSize, turnLimit } = rules;
  return [
    ["Prizes to take", String(prizeCount)],
    ["Time for a turn", timeText(rules.turnTimeMs)],
    ["When it is over", timeOutText(rules)],
    ["First hand", plural(openingHandSize, "card")],
    ["Hand at the end of a turn", `at most ${plural(handLimit, "card")}`],
    ["Bench", `at most ${plural(benchSize, "creature")}`],
    ["Last turn", String(turnLimit)],
    ["After the end", rules.openAfterEnd ? "all hands are shown" : "hands stay hidden"],
  ];
}

export const timeText = (turnTimeMs: number | null): string =>
  turnTimeMs === null ? "no limit" : durationText(turnTimeMs / 1_000);

function timeOutText({ onTimeOut, timeoutsAllowed, turnTimeMs }: RulesConfig): string {
  if (turnTimeMs === null) return "never";
  if (onTimeOut === "loseGame") return "the game is lost";
  return `the turn is lost; more than ${plural(timeoutsAllowed, "time")}, the game`;
}
