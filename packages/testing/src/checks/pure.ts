import { difference, kept } from "../play/kept.js";
import { onOtherPlatform } from "../play/other-platform.js";
import { gameIdOfTests, keptMove, takeStep } from "../play/walk.js";
import { type Check, looksOf } from "./check.js";

/**
 * The same input gives the same output: each call is made again, the last one first, from the bytes of its state, while
 * clocks and chance are others. A game goes on in another process, and a reducer may run twice.
 */
export const rulesArePure: Check = (players, { choices, first, steps }) => {
  const looks = looksOf(players);
  const seen = steps.map(({ before }) => looks.map(([, look]) => kept(look(kept(before)))));
  return onOtherPlatform(() => {
    for (const [n, { before, move, serviceMs, made, log }] of [...steps.entries()].reverse()) {
      const again = takeStep(players, kept(before), keptMove(move), serviceMs);
      const found = difference(kept(made), kept(again.state)) ?? difference(kept(log), kept(again.log), "$.log");
      if (found !== null) return `the same state and move give two results: ${found}`;
      for (const [at, [name, look]] of looks.entries()) {
        const other = difference(seen[n]?.[at], kept(look(kept(before))));
        if (other !== null) return `${name} gives two results for the same state: ${other}`;
      }
    }
    if (choices.start !== 0) return null;
    const found = difference(first, kept(players.how.newGame(gameIdOfTests, choices.seed)));
    return found === null ? null : `newGame gives two games for the same seed: ${found}`;
  });
};
