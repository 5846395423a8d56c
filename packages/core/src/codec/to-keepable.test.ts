import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { defineGame } from "../game-definition.js";
import { createCodec } from "./codec.js";
import { maxStateDepth } from "./harden.js";
import { thaw } from "./thaw.js";
import { toKeepable } from "./to-keepable.js";

/** A state as a simulator keeps it: alive, with what JSON has no word for. */
class Pokemon {
  hp = 10;
  toJSON() {
    return { hp: this.hp, boosts: undefined };
  }
}

test("what a foreign program has is copied as JSON would have it, and never frozen", () => {
  const live = {
    turn: 1,
    speed: -0,
    target: undefined,
    seen: [1, undefined, -0, { by: undefined }],
    gaps: new Array(2),
    startedAt: new Date(0),
    team: { lead: new Pokemon() },
    bare: Object.assign(Object.create(null), { a: 1 }),
    hidden: Object.defineProperty({ b: 2 }, "secret", { value: 1, enumerable: false }),
  };
  const kept = toKeepable(live);
  expect(kept).toStrictEqual({
    turn: 1,
    speed: 0,
    seen: [1, null, 0, {}],
    gaps: [null, null],
    startedAt: "1970-01-01T00:00:00.000Z",
    team: { lead: { hp: 10 } },
    bare: { a: 1 },
    hidden: { b: 2 },
  });
  expect(Object.isFrozen(kept.seen)).toBe(true);
  live.team.lead.hp = 3;
  live.seen.push(7);
  expect(kept.team.lead.hp).toBe(10);
});

test("a game whose states hold undefined and -0 is kept by the codec once it is keepable", () => {
  const game = defineGame<{ schemaVersion: number; data: unknown }>({
    name: "foreign",
    schema: z.strictObject({ schemaVersion: z.literal(1), data: z.json() }),
    schemaVersion: 1,
    idOf: () => "",
    turnOf: () => 0,
    resultOf: () => null,
  });
  const codec = createCodec(game, { maxStateBytes: 1_000 });
  const state = { schemaVersion: 1, data: { speed: -0, target: undefined } };
  expect(() => codec.encodeState(state)).toThrow("negative zero at $.data.speed");
  expect(codec.encodeState(toKeepable(state)).text).toBe('{"schemaVersion":1,"data":{"speed":0}}');
});

class Point {
  x = 1;
}
const cyclic: Record<string, unknown> = {};
cyclic.again = { cyclic };

test.each([
  ["NaN", Number.NaN, "number"],
  ["Infinity", Number.POSITIVE_INFINITY, "number"],
  ["-Infinity from toJSON", { toJSON: () => Number.NEGATIVE_INFINITY }, "number"],
  ["BigInt", 1n, "number"],
  ["2^53", 2 ** 53, "number"],
  ["a function", () => 1, "type"],
  ["a symbol", Symbol("s"), "type"],
  ["a Map", new Map([[1, 2]]), "type"],
  ["bytes", new Uint8Array(2), "type"],
  ["a class instance", new Point(), "type"],
  ["a field named __proto__", JSON.parse('{"__proto__":1}'), "key"],
  ["NUL", "a\0", "nul"],
  ["half a surrogate pair", "\ud800", "unicode"],
])("%s is refused with its path", (_name, value, reason) => {
  expect(() => toKeepable({ a: [{ value }] })).toThrow(
    expect.objectContaining({
      code: "InvalidState",
      details: expect.objectContaining({ reason, path: expect.stringMatching(/^\$\.a\[0\]\.value/) }),
    }),
  );
});

test("a cycle is refused, and so is what is nested too deeply", () => {
  const depth = expect.objectContaining({ details: expect.objectContaining({ reason: "depth" }) });
  expect(() => toKeepable(cyclic)).toThrow(depth);
  const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)]);
  expect(() => toKeepable(nested(maxStateDepth + 1))).toThrow(depth);
  expect(toKeepable(nested(maxStateDepth))).toEqual(nested(maxStateDepth));
});

test("what can be kept already is kept as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\\u0000|\\ud[89a-f]|"(__proto__|constructor|prototype)":|\d{16}|e\+/.test(text));
      expect(JSON.stringify(toKeepable(value))).toBe(text);
    }),
  );
});

test("a thawed copy may be changed, and the kept state stays as it was", () => {
  const kept = toKeepable({
    board: [
      [0, 0],
      [0, 0],
    ],
    players: { alice: { score: 0 } },
  });
  const state = thaw(kept);
  state.board[1]?.push(5);
  state.players.alice.score = 7;
  expect(kept).toEqual({
    board: [
      [0, 0],
      [0, 0],
    ],
    players: { alice: { score: 0 } },
  });
  expect(toKeepable(state)).toEqual({
    board: [
      [0, 0],
      [0, 0, 5],
    ],
    players: { alice: { score: 7 } },
  });
});
