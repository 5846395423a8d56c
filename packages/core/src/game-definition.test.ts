import { expect, test } from "vitest";
import * as z from "zod";
import { checkedGame } from "./checked-game.js";
import { defineGame, playsRules, unplayedGames } from "./game-definition.js";

const schema = z.strictObject({ schemaVersion: z.literal(3), id: z.string() });
const parts = {
  name: "test",
  schema,
  schemaVersion: 3,
  idOf: () => "",
  turnOf: () => 0,
  resultOf: () => null,
} as const;
const same = (document: Record<string, unknown>) => document;

test("a game plays the rules from its oldest to its newest, by default all of them", () => {
  const base = { ...parts, upcasters: { 1: same, 2: same } };
  expect(defineGame(base)).toMatchObject({ rulesVersion: 1, oldestRulesVersion: 1 });
  const game = defineGame({ ...base, rulesVersion: 5, oldestRulesVersion: 3 });
  expect([2, 3, 5, 6].map((version) => playsRules(game, version))).toEqual([false, true, true, false]);
  const counts = new Map([
    [9, 1],
    [4, 2],
    [1, 3],
  ]);
  expect(unplayedGames(game, counts)).toEqual([
    { rulesVersion: 1, games: 3 },
    { rulesVersion: 9, games: 1 },
  ]);
  for (const bad of [
    { rulesVersion: 0 },
    { rulesVersion: 1.5 },
    { oldestRulesVersion: 2 },
    { rulesVersion: 2 ** 31 },
  ]) {
    expect(() => defineGame({ ...base, ...bad })).toThrow(/versions of its rules/);
  }
});

test("a game whose older documents could not all be read is no game: an upcaster is missing", () => {
  expect(() => defineGame(parts)).toThrow(/no upcaster 1/);
  expect(() => defineGame({ ...parts, upcasters: { 1: same } })).toThrow(/no upcaster 2.+oldestSchemaVersion/);
  expect(() => defineGame({ ...parts, upcasters: { 2: same } })).toThrow(/no upcaster 1/);
  expect(defineGame({ ...parts, upcasters: { 1: same, 2: same } }).oldestSchemaVersion).toBe(1);
  expect(defineGame({ ...parts, oldestSchemaVersion: 2, upcasters: { 2: same } }).oldestSchemaVersion).toBe(2);
  expect(() => defineGame({ ...parts, oldestSchemaVersion: 3 })).not.toThrow();
});

test("a definition that was not made by defineGame has its versions checked, too", () => {
  const game = defineGame({ ...parts, oldestSchemaVersion: 3 });
  expect(() => checkedGame(game)).not.toThrow();
  for (const [field, bad] of [
    ["schemaVersion", { schemaVersion: 0 }],
    ["rulesVersion", { rulesVersion: 1.5 }],
    ["rulesVersion", { oldestRulesVersion: 2 }],
  ] as const) {
    expect(() => checkedGame({ ...game, ...bad })).toThrow(
      expect.objectContaining({ code: "InvalidInput", details: { issues: [field] } }),
    );
  }
});
