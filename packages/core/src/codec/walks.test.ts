import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineGame } from "../game-definition.js";
import type { JsonValue } from "../json.js";
import { createCodec } from "./codec.js";

interface Doc {
  readonly schemaVersion: number;
  readonly data: JsonValue;
}

const codec = createCodec(
  defineGame<Doc>({
    name: "test",
    schema: z.strictObject({ schemaVersion: z.literal(1), data: z.json() }) as z.ZodType<Doc>,
    schemaVersion: 1,
    idOf: () => "",
    turnOf: () => 0,
    resultOf: () => null,
  }),
  { maxStateBytes: 100_000 },
);
const doc = (data: JsonValue): Doc => ({ schemaVersion: 1, data });

/** A part that counts how often it is walked. */
function counted(name: string) {
  const count = {
    walks: 0,
    part: new Proxy({ name } as Record<string, JsonValue>, {
      getPrototypeOf: (target) => {
        count.walks++;
        return Reflect.getPrototypeOf(target);
      },
    }) as JsonValue,
  };
  return count;
}

describe("a codec walks", () => {
  it("a next state only where it differs from the one before, also behind items that came, went or moved", () => {
    const parts = ["a", "b", "c"].map(counted);
    const [a, b, c] = parts.map(({ part }) => part) as [JsonValue, JsonValue, JsonValue];
    const before = doc({ list: [a, b], other: c });
    codec.encodeState(before);
    const walks = () => parts.map((part) => part.walks);
    expect(walks()).toEqual([1, 1, 1]);
    for (const list of [[a, b], [b], [a], [{ b: [2] }, a, b], [a, b, 7], [b, a], [b, [3], a]]) {
      const next = doc({ list, other: c, fresh: [1] });
      expect(codec.encodeState(next, before).text).toBe(JSON.stringify(next));
      expect(isDeepFrozen(next)).toBe(true);
    }
    expect(walks()).toEqual([1, 1, 1]);
    codec.encodeState(doc({ elsewhere: [a, b, c] }), before);
    expect(walks()).toEqual([2, 2, 2]);
  });

  it.each([0, 100])(
    "a part that a next state repeats beside %i others, since each time makes the text longer",
    (many) => {
      const count = counted("a");
      const others = Array.from({ length: many }, (_, index) => [index]);
      const before = doc({ list: [[1], count.part, ...others] });
      codec.encodeState(before);
      codec.encodeState(doc({ list: [count.part, [1], count.part, ...others, count.part] }), before);
      expect(count.walks).toBe(3);
    },
  );

  it("no state again for its schema alone", () => {
    const count = counted("a");
    const state = doc(count.part);
    codec.encodeState(state);
    const walked = count.walks;
    codec.checkSchema(state);
    expect(count.walks).toBe(walked);
    const broken = { ...state, more: 1 };
    codec.encodeState(broken);
    expect(() => codec.checkSchema(broken)).toThrow("breaks its schema (unrecognized_keys) at $.more");
  });

  it("no state twice that was just validated", () => {
    const count = counted("a");
    const state = doc(count.part);
    codec.validate(state);
    const walked = count.walks;
    expect(codec.encodeState(state, state).text).toBe(JSON.stringify(state));
    expect(count.walks).toBe(walked);
  });
});

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
