import { gameStateSchema } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { act, endTurn } from "./act.js";
import { playedGame, stateSizes } from "./played-game.js";

test.each(stateSizes)("a played game of %i KB is about so large, valid, and the same in every run", (size) => {
  for (const seed of [0, 1, 2]) {
    const state = playedGame(size, seed);
    const bytes = Buffer.byteLength(JSON.stringify(state));
    expect(bytes).toBeGreaterThan(size * 900);
    expect(bytes).toBeLessThan(size * 1_250);
    expect(gameStateSchema.parse(state)).toEqual(state);
    expect(playedGame(size, seed)).toEqual(state);
  }
});

test("the action that is measured makes a valid state of the same size, and turns end turns", () => {
  const before = playedGame(4, 0);
  const after = act(before);
  expect(gameStateSchema.parse(after)).not.toEqual(before);
  expect(Math.abs(JSON.stringify(after).length - JSON.stringify(before).length)).toBeLessThan(5);
  expect(act(act(before)).turnNumber).toBe(before.turnNumber);
  expect(endTurn(before).turnNumber).toBe(before.turnNumber + 1);
});
