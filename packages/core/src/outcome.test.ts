import { expect, test } from "vitest";
import * as z from "zod";
import { defineGame } from "./game-definition.js";
import { gameTypeSchemaOf, outcomeSchemaOf } from "./outcome.js";

const parts = { name: "race", schema: z.object({}), schemaVersion: 1, idOf: () => "", turnOf: () => 0 };
const anyWords = defineGame({ ...parts, resultOf: () => null });
const ownWords = defineGame({ ...parts, resultOf: () => null, endReasons: ["won"], gameTypes: ["sprint"] });
const outcome = (endReason: string) => ({ endReason, winnerIds: [], winnerIsNpc: false });

test("a game that names no words may end for any reason and be of any type, in bounded printable words", () => {
  for (const word of ["won", "turn_limit", `a${"9".repeat(63)}`]) {
    expect(outcomeSchemaOf(anyWords).safeParse(outcome(word)).success).toBe(true);
    expect(gameTypeSchemaOf(anyWords).safeParse(word).success).toBe(true);
  }
  for (const word of ["", "Won", "9", "a b", "a\n", `a${"9".repeat(64)}`]) {
    expect(outcomeSchemaOf(anyWords).safeParse(outcome(word)).success).toBe(false);
    expect(gameTypeSchemaOf(anyWords).safeParse(word).success).toBe(false);
  }
});

test("a game that names its words has no others, except that any game may expire", () => {
  expect(outcomeSchemaOf(ownWords).safeParse(outcome("won")).success).toBe(true);
  expect(outcomeSchemaOf(ownWords).safeParse(outcome("expired")).success).toBe(true);
  expect(outcomeSchemaOf(ownWords).safeParse(outcome("lost")).error?.issues).toMatchObject([{ path: ["endReason"] }]);
  expect(gameTypeSchemaOf(ownWords).safeParse("marathon").success).toBe(false);
});

test("a user and an NPC cannot both have won, and a definition cannot name what is no word", () => {
  const both = { ...outcome("won"), winnerIds: ["alice"], winnerIsNpc: true };
  expect(outcomeSchemaOf(ownWords).safeParse(both).success).toBe(false);
  expect(() => defineGame({ ...parts, resultOf: () => null, endReasons: ["No word"] })).toThrow("No word");
});
