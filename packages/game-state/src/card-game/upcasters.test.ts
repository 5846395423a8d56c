import { createCodec } from "@turnkeep/core";
import { expect, it } from "vitest";
import { cardGame } from "./card-game.js";
import { createGameState } from "./create-game-state.js";
import { sampleGame, sampleIds } from "./testing/sample-game.js";

const codec = createCodec(cardGame, { maxStateBytes: 1_000_000 });

/** The same game as version 1 would have written it. */
function version1(end: { winner: string | null; endReason: string | null }, phase: string): string {
  const { result: _, recordCount: __, rules, ...kept } = createGameState(sampleGame());
  const { turnLimit: ___, venomDamage: ____, ...oldRules } = rules;
  return JSON.stringify({ ...kept, schemaVersion: 1, rules: oldRules, phase, ...end });
}

it("brings a game of version 1 up to date", () => {
  const state = codec.decodeState(version1({ winner: null, endReason: null }, "setup"));
  expect(state).toEqual(createGameState(sampleGame()));
});

it("brings an ended game of version 1 up to date, also by the trusted way", () => {
  const text = version1({ winner: sampleIds.one, endReason: "conceded" }, "ended");
  for (const state of [codec.decodeState(text), codec.decodeTrusted(text)]) {
    expect(cardGame.resultOf(state)).toEqual({
      winnerIds: [sampleIds.one],
      winnerIsNpc: false,
      endReason: "concession",
    });
  }
});
