import { argv, stdout } from "node:process";
import { type CheckedGame, checkGame } from "./check-game.js";

/** Checks so many games (the first argument, 10,000 without one) and prints what they were like. */
function soak(games: number): string {
  const reasons: Record<string, number> = {};
  let steps = 0;
  let turns = 0;
  let actionMs = 0;
  for (let index = 0; index < games; index++) {
    const checked: CheckedGame = checkGame(`soak-${index}`);
    const reason = checked.final.result?.reason ?? "none";
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    steps += checked.steps;
    turns += checked.final.turnNumber;
    actionMs += checked.actionMs;
  }
  const mean = (sum: number) => (sum / games).toFixed(1);
  const each = ((actionMs * 1_000) / steps).toFixed(1);
  return `${games} games: ${mean(turns)} turns, ${mean(steps)} actions a game; ${each} µs an action; ${JSON.stringify(reasons)}`;
}

stdout.write(`${soak(Number(argv[2] ?? 10_000))}\n`);
