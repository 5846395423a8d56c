import { expect, test } from "vitest";
import { isNpc, npcIdOf } from "./npc.js";
import { playerIdSchema, playerIdsSchema } from "./player-id.js";

const family = "👩‍👩‍👧";

test.each([
  "alice",
  "7",
  "two words",
  "żółw",
  family,
  "npc:rival",
  "toString",
  '"; DROP TABLE',
  "{a,b}",
  "🐢".repeat(128),
])("%s names a player", (id) => {
  expect(playerIdSchema.parse(id)).toBe(id);
});

test.each([
  ["nothing", ""],
  ["more than 128 characters", "a".repeat(129)],
  ["NUL", "a\0b"],
  ["a tab", "a\tb"],
  ["a line break", "a\n"],
  ["another line break", "a\u2028b"],
  ["a C1 control", "a\u0085b"],
  ["half of a surrogate pair", "a\ud83d"],
  ["what no state has as a key", "__proto__"],
  ["what no state has as a key", "constructor"],
  ["a number", 7],
])("%s names none: %j", (_, id) => {
  expect(playerIdSchema.safeParse(id).success).toBe(false);
});

test("a game names each of its players once, 64 at most", () => {
  const many = Array.from({ length: 65 }, (_, n) => `player ${n}`);
  expect(playerIdsSchema.safeParse(many.slice(1)).success).toBe(true);
  expect(playerIdsSchema.safeParse(many).success).toBe(false);
  expect(playerIdsSchema.safeParse(["alice", "bob", "alice"]).success).toBe(false);
  // Two spellings of one text are two players.
  expect(playerIdsSchema.safeParse(["\u00e9", "e\u0301"]).success).toBe(true);
});

test("an NPC is known by its prefix", () => {
  expect([isNpc("npc:rival"), npcIdOf("npc:rival")]).toEqual([true, "rival"]);
  expect([isNpc("alice"), npcIdOf("alice")]).toEqual([false, null]);
});
