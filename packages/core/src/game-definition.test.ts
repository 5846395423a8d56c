import { expect, test } from "vitest";
import * as z from "zod";
import { defineGame } from "./game-definition.js";

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

test("a game whose older documents could not all be read is no game: an upcaster is missing", () => {
  expect(() => defineGame(parts)).toThrow(/no upcaster 1/);
  expect(() => defineGame({ ...parts, upcasters: { 1: same } })).toThrow(/no upcaster 2.+oldestSchemaVersion/);
  expect(() => defineGame({ ...parts, upcasters: { 2: same } })).toThrow(/no upcaster 1/);
  expect(defineGame({ ...parts, upcasters: { 1: same, 2: same } }).oldestSchemaVersion).toBe(1);
  expect(defineGame({ ...parts, oldestSchemaVersion: 2, upcasters: { 2: same } }).oldestSchemaVersion).toBe(2);
  expect(() => defineGame({ ...parts, oldestSchemaVersion: 3 })).not.toThrow();
});
