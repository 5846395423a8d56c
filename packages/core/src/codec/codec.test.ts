import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isTurnkeepError, type TurnkeepError } from "../errors.js";
import { defineGame } from "../game-definition.js";
import type { JsonValue } from "../json.js";
import { isDeepFrozen } from "../testing/is-deep-frozen.js";
import { soundJson } from "../testing/sound-json.js";
import { type CodecOptions, createCodec } from "./codec.js";
import { maxStateDepth } from "./harden.js";

interface Doc {
  readonly schemaVersion: number;
  readonly data: JsonValue;
}

const game = defineGame<Doc>({
  name: "test",
  schema: z.strictObject({ schemaVersion: z.literal(3), data: z.json() }) as z.ZodType<Doc>,
  schemaVersion: 3,
  upcasters: {
    1: ({ value, ...rest }) => ({ ...rest, schemaVersion: 2, payload: value }),
    2: (document) => {
      const { payload, ...rest } = document;
      if (payload === undefined) throw new Error("no payload");
      return { ...rest, schemaVersion: 3, data: payload };
    },
  },
  idOf: () => "",
  turnOf: () => 0,
  resultOf: () => null,
});

const codecWith = (options: Partial<CodecOptions> = {}) => createCodec(game, { maxStateBytes: 100_000, ...options });
const codec = codecWith();
/** A document whose data may be anything, also what the types forbid. */
const doc = (data: unknown) => ({ schemaVersion: 3, data }) as Doc;
const nested = (levels: number): JsonValue => (levels === 0 ? 0 : [nested(levels - 1)]);
const withField = (key: string, value: unknown) => Object.defineProperty({}, key, { value, enumerable: true });

function errorOf(run: () => unknown): TurnkeepError {
  try {
    run();
  } catch (error) {
    if (isTurnkeepError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

class Point {
  x = 1;
}
const cyclic: unknown[] = [];
cyclic.push({ again: cyclic });

const refusedValues: [name: string, value: unknown, reason: string][] = [
  ["half a surrogate pair", "a\ud800b", "unicode"],
  ["half a surrogate pair in a key", { "\udc00": 1 }, "unicode"],
  ["NUL", "a\0", "nul"],
  ["NUL in a key", { "a\0": 1 }, "nul"],
  ["NaN", Number.NaN, "number"],
  ["Infinity", Number.POSITIVE_INFINITY, "number"],
  ["-Infinity", Number.NEGATIVE_INFINITY, "number"],
  ["-0", -0, "number"],
  ["undefined", undefined, "number"],
  ["undefined in an array", [undefined], "number"],
  ["BigInt", 1n, "number"],
  ["2^53", 2 ** 53, "number"],
  ["-2^53", -(2 ** 53), "number"],
  ["1e300", 1e300, "number"],
  ["a function", () => 1, "type"],
  ["a symbol", Symbol("s"), "type"],
  ["a Date", new Date(0), "type"],
  ["a Map", new Map(), "type"],
  ["a Set", new Set(), "type"],
  ["bytes", new Uint8Array(2), "type"],
  ["a boxed string", Object("s"), "type"],
  ["a class instance", new Point(), "type"],
  ["an array of a class", new (class List extends Array<number> {})(), "type"],
  ["an inherited field", Object.create({ a: 1 }), "type"],
  ["an array with a gap", new Array(3), "type"],
  ["an array with a field", Object.assign([1], { extra: 1 }), "type"],
  ["an array with a hidden field", Object.defineProperty([1], "extra", { value: 1 }), "type"],
  ["an array with a symbol as key", Object.assign([1], { [Symbol("s")]: 1 }), "type"],
  ["toJSON", { toJSON: () => 1 }, "type"],
  ["a symbol as key", { [Symbol("s")]: 1 }, "type"],
  ["a hidden field", Object.defineProperty({}, "a", { value: 1, enumerable: false }), "type"],
  ["__proto__ as key", withField("__proto__", 1), "key"],
  ["constructor as key", { constructor: 1 }, "key"],
  ["prototype as key", { prototype: 1 }, "key"],
  ["too many levels", nested(maxStateDepth), "depth"],
  ["a cycle", cyclic, "depth"],
];

describe("what an encoder refuses", () => {
  it.each(refusedValues)("%s", (_, value, reason) => {
    const error = errorOf(() => codec.encodeState(doc({ list: [value] })));
    expect(error.code).toBe("InvalidState");
    expect(error.details).toMatchObject({ reason, path: expect.stringMatching(/^\$\.data\.list\[0\]/) });
    expect(errorOf(() => codec.validate(doc(value))).code).toBe("InvalidState");
    expect(errorOf(() => codec.encodeEntry([value] as JsonValue)).code).toBe("InvalidState");
  });

  it("an accessor, without calling it", () => {
    let calls = 0;
    const tricky = {
      get a() {
        calls++;
        return 1;
      },
    };
    expect(errorOf(() => codec.encodeState(doc(tricky))).details).toMatchObject({ reason: "type", path: "$.data.a" });
    expect(calls).toBe(0);
  });

  it.each([
    ["an array", []],
    ["null", null],
    ["text", "{}"],
  ])("%s in place of a state", (_, value) => {
    expect(errorOf(() => codec.encodeState(value as unknown as Doc)).code).toBe("InvalidState");
  });

  it("a state of another schema version", () => {
    const error = errorOf(() => codec.encodeState({ schemaVersion: 4, data: 1 }));
    expect(error).toMatchObject({ code: "UnsupportedSchema", details: { found: 4, supported: 3 } });
  });

  it("a state over the limit, in bytes and not in characters", () => {
    const text = "é".repeat(50);
    const bytes = Buffer.byteLength(JSON.stringify(doc(text)));
    expect(codecWith({ maxStateBytes: bytes }).encodeState(doc(text)).bytes).toBe(bytes);
    expect(errorOf(() => codecWith({ maxStateBytes: bytes - 1 }).encodeState(doc(text)))).toMatchObject({
      code: "StateTooLarge",
      details: { bytes, maxBytes: bytes - 1 },
    });
  });

  it("a part that grows too deep only by where it is put, though it was encoded before", () => {
    const part = nested(40);
    codec.encodeState(doc(part));
    let deep: JsonValue = part;
    for (let level = 0; level < 30; level++) deep = { deep };
    expect(errorOf(() => codec.encodeState(doc(deep))).details).toMatchObject({ reason: "depth" });
  });

  it("parts that are shared so often that the text would have no end, before they are walked that often", () => {
    let shared: JsonValue = [];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(errorOf(() => codec.encodeState(doc(shared))).details).toMatchObject({ reason: "size" });
  });

  it("a part that was refused before, again", () => {
    const bad = { list: [{ ok: 1 }, Number.NaN] };
    expect(errorOf(() => codec.encodeState(doc(bad))).code).toBe("InvalidState");
    expect(errorOf(() => codec.encodeState(doc(bad))).code).toBe("InvalidState");
  });
});

const text = (data: string) => `{"schemaVersion":3,"data":${data}}`;
const refusedTexts: [name: string, text: string, reason: string][] = [
  ["no JSON", "{", "json"],
  ["nothing", "", "json"],
  ["a byte order mark", "\ufeff{}", "json"],
  ["an array", "[]", "json"],
  ["null", "null", "json"],
  ["1e400", text("1e400"), "number"],
  ["-1e400", text("-1e400"), "number"],
  ["-0", text("[-0]"), "number"],
  ["-0.0", text("[-0.0]"), "number"],
  ["an integer beyond 2^53", text("9007199254740993"), "number"],
  ["half a surrogate pair", text('"\\ud800"'), "unicode"],
  ["half a surrogate pair in a key", text('{"\\udfff":1}'), "unicode"],
  ["NUL", text('"\\u0000"'), "nul"],
  ["NUL in a key", text('{"\\u0000":1}'), "nul"],
  ["__proto__", text('{"__proto__":{"admin":true}}'), "key"],
  ["__proto__, escaped", text('{"\\u005f_proto__":1}'), "key"],
  ["constructor", text('{"constructor":{"prototype":{"admin":true}}}'), "key"],
  ["prototype", text('[{"prototype":1}]'), "key"],
  ["too many levels", text(`${"[".repeat(64)}${"]".repeat(64)}`), "depth"],
  ["very many levels", text(`${"[".repeat(40_000)}${"]".repeat(40_000)}`), "depth"],
  ["a field that the schema does not know", '{"schemaVersion":3,"data":1,"more":1}', "schema"],
  ["a missing field", '{"schemaVersion":3}', "schema"],
];

describe("what a decoder refuses", () => {
  it.each(refusedTexts)("%s", (_, refused, reason) => {
    const error = errorOf(() => codec.decodeState(refused));
    expect(error.code).toBe("InvalidState");
    expect(error.details).toMatchObject({ reason });
    expect({}).not.toHaveProperty("admin");
  });

  it.each([
    ["none", '{"data":1}', null],
    ["a newer one", '{"schemaVersion":4,"data":1}', 4],
    ["one before the first", '{"schemaVersion":0,"data":1}', 0],
    ["a broken number", '{"schemaVersion":1.5,"data":1}', 1.5],
    ["text", '{"schemaVersion":"3","data":1}', null],
  ])("schema version: %s", (_, unknown, found) => {
    for (const decode of [codec.decodeState, codec.decodeTrusted]) {
      const error = errorOf(() => decode(unknown));
      expect(error).toMatchObject({ code: "UnsupportedSchema", details: { found, supported: 3 } });
    }
  });

  it("text over the limit, before it is parsed", () => {
    expect(errorOf(() => codecWith({ maxStateBytes: 10 }).decodeState("é{not even JSON")).code).toBe("StateTooLarge");
  });

  it("without quoting the text in message, details or cause", () => {
    for (const secret of [
      '{"schemaVersion":3,"data":"secret-canary',
      text('["secret-canary",1e400]'),
      text("{}").replace("data", "x"),
    ]) {
      const error = errorOf(() => codec.decodeState(secret));
      expect(`${error.message}${JSON.stringify(error.details)}${String(error.cause)}`).not.toContain("canary");
    }
  });

  describe("names the key that breaks the schema, and never its value", () => {
    const shape = z.strictObject({
      schemaVersion: z.literal(3),
      data: z.union([z.strictObject({ hand: z.array(z.int().min(0)) }), z.string()]),
    });
    const strict = createCodec(defineGame<Doc>({ ...game, schema: shape as z.ZodType<Doc> }), { maxStateBytes: 1_000 });
    it.each([
      ["a key too many", '{"schemaVersion":3,"data":"a","more":"canary"}', "$.more"],
      ["a missing key", '{"schemaVersion":3}', "$.data"],
      ["a value deep in a union", text('{"hand":[1,-77]}'), "$.data.hand[1]"],
      ["a key too many in a union", text('{"hand":[],"canary key":-77}'), '$.data["canary key"]'],
    ])("%s", (_, broken, path) => {
      const error = errorOf(() => strict.decodeState(broken));
      expect(error).toMatchObject({ code: "InvalidState", details: { reason: "schema", path } });
      expect(error.message).toContain(path);
      expect(`${error.message}${JSON.stringify(error.details)}`).not.toMatch(/-77|"canary"/);
    });
  });

  it("a state on which the schema itself fails", () => {
    const failing = z.custom<Doc>(() => {
      throw new TypeError("a bug in a refinement");
    });
    const broken = createCodec(defineGame<Doc>({ ...game, schema: failing }), { maxStateBytes: 1_000 });
    expect(errorOf(() => broken.decodeState(text("1")))).toMatchObject({
      code: "InvalidState",
      details: { reason: "schema" },
    });
  });

  it("trusted text that is broken or bottomless", () => {
    expect(errorOf(() => codec.decodeTrusted("{")).details).toMatchObject({ reason: "json" });
    expect(errorOf(() => codec.decodeTrusted("7")).details).toMatchObject({ reason: "json" });
    const bottomless = text(`${"[".repeat(40_000)}${"]".repeat(40_000)}`);
    expect(errorOf(() => codec.decodeTrusted(bottomless)).details).toMatchObject({ reason: "depth" });
  });
});

describe("an encoder that asks the schema", () => {
  it("refuses what a decoder would refuse", () => {
    const unknown = { ...doc(1), more: 1 };
    expect(codec.decodeTrusted(codec.encodeState(unknown).text)).toEqual(unknown);
    const refusal = { code: "InvalidState", details: { reason: "schema", path: "$.more" } };
    expect(errorOf(() => codec.encodeState(unknown, undefined, { checkSchema: true }))).toMatchObject(refusal);
    expect(errorOf(() => codec.decodeState(codec.encodeState(unknown).text))).toMatchObject(refusal);
    expect(codec.encodeState(doc(1), undefined, { checkSchema: true })).toEqual(codec.encodeState(doc(1)));
  });
});

describe("round trips", () => {
  it("give an equal, frozen state that encodes to the same bytes", () => {
    fc.assert(
      fc.property(soundJson, (data) => {
        const encoded = codec.encodeState(doc(data));
        expect(encoded.bytes).toBe(Buffer.byteLength(encoded.text));
        for (const decode of [codec.decodeState, codec.decodeTrusted]) {
          const decoded = decode(encoded.text);
          expect(decoded).toEqual(doc(data));
          expect(isDeepFrozen(decoded)).toBe(true);
          expect(codec.encodeState(decoded).text).toBe(encoded.text);
        }
        expect(codec.decodeEntry(codec.encodeEntry(data))).toEqual(data);
      }),
    );
  });

  it("freeze no trusted state where that is off, and give the same otherwise", () => {
    const thawed = codecWith({ freezeTrusted: false });
    fc.assert(
      fc.property(soundJson, (data) => {
        const { text } = codec.encodeState(doc(data));
        const decoded = thawed.decodeTrusted(text);
        expect(Object.isFrozen(decoded)).toBe(false);
        expect(decoded).toEqual(doc(data));
        expect(thawed.encodeState(decoded).text).toBe(text);
        expect(isDeepFrozen(thawed.decodeState(text))).toBe(true);
      }),
    );
  });

  it("keep the order of keys, also that of the outermost", () => {
    const turned = '{"data":{"b":1,"a":2},"schemaVersion":3}';
    expect(codec.encodeState(codec.decodeState(turned)).text).toBe(turned);
  });

  it("accept 64 levels, the largest safe integers and the odd plane", () => {
    const edge = doc([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.1, 5e-324, "😀", nested(maxStateDepth - 2)]);
    expect(codec.decodeState(codec.encodeState(edge).text)).toEqual(edge);
  });

  it("refuse in a next state what they refuse in a first one", () => {
    const before = doc({ list: [1, { a: 1 }], text: "a", zero: 0 });
    codec.encodeState(before);
    const bad = [{ list: [1, Number.NaN] }, { list: [1, { a: undefined }] }, { list: [1, nested(maxStateDepth)] }];
    for (const data of [...bad, { list: [1, [-0]] }, { text: "a\0" }, { text: "\ud800" }, { zero: -0 }]) {
      const next = doc(data as JsonValue);
      expect(errorOf(() => codec.encodeState(next, before)).code).toBe("InvalidState");
    }
  });
});

describe("upcasters", () => {
  it.each([1, 2])("bring a document of version %i up to date, also a trusted one", (version) => {
    const old = JSON.stringify({ schemaVersion: version, [version === 1 ? "value" : "payload"]: [7] });
    for (const decode of [codec.decodeState, codec.decodeTrusted]) {
      expect(decode(old)).toEqual(doc([7]));
      expect(isDeepFrozen(decode(old))).toBe(true);
    }
  });

  it("get no hostile document", () => {
    expect(errorOf(() => codec.decodeState('{"schemaVersion":1,"value":{"__proto__":1}}')).details).toMatchObject({
      reason: "key",
    });
  });

  it("that fail, or make nonsense, are an invalid state", () => {
    expect(errorOf(() => codec.decodeState('{"schemaVersion":2}')).details).toMatchObject({ reason: "schema" });
    expect(errorOf(() => codec.decodeState('{"schemaVersion":1}')).details).toMatchObject({ reason: "schema" });
  });
});
