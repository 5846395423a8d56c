import { readFileSync } from "node:fs";
import { cardGame, createCodec, gameStateVersion } from "@turnkeep/game-state";
import { expect, it } from "vitest";
import { checkGame } from "./testing/check-game.js";
import { playOut, randomChooser } from "./testing/playout.js";

it("games by chance keep every card, stay sound, take what is listed alone, replay to the same bytes, and end", () => {
  const turns: number[] = [];
  for (let index = 0; index < 200; index++) turns.push(checkGame(`property-${index}`).final.turnNumber);
  const mean = turns.reduce((sum, turn) => sum + turn, 0) / turns.length;
  expect(mean).toBeGreaterThan(8);
  expect(mean).toBeLessThan(60);
});

it("a game stored by version 2 is read, and played to its end", () => {
  const codec = createCodec(cardGame, { maxStateBytes: 1_000_000 });
  const text = readFileSync(new URL("./testing/game-of-version-2.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ schemaVersion: 2 });
  const state = codec.decodeState(text);
  expect(state).toMatchObject({ schemaVersion: gameStateVersion, turnDueAt: null, drawOfferedBy: null });
  const { final } = playOut(state, randomChooser("version 2"));
  codec.validate(final);
  expect(final.result).not.toBeNull();
});
