import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOfState } from "../ports/copy-bytes.js";
import { soundJson } from "../testing/sound-json.js";
import { harden } from "./harden.js";
import { KeptText } from "./kept-text.js";

type Json = Readonly<Record<string, unknown>>;

const filler = Array.from({ length: 200 }, (_, id) => ({ id, text: `card ${id} with ümläuts and 🂡` }));

/** Encodes one state after the other, and finds each text as JSON.stringify makes it; whether each came as bytes. */
function encodeAll(states: readonly Json[], kept = new KeptText()): readonly boolean[] {
  return states.map((state, index) => {
    harden(state);
    const text = kept.encode(state, states[index - 1] ?? state);
    expect(textOfState(text)).toBe(JSON.stringify(state));
    return typeof text !== "string";
  });
}

/** A part that counts how often its fields are listed, as by JSON.stringify. */
function counted(part: Json) {
  const count = {
    listed: 0,
    part: new Proxy(part, {
      ownKeys: (target) => {
        count.listed += 1;
        return Reflect.ownKeys(target);
      },
    }),
  };
  return count;
}

describe("a kept text", () => {
  it("gives the very bytes of JSON.stringify, whatever changes, comes, goes or moves", () => {
    const change = fc.record({ kind: fc.nat(9), at: fc.nat(300), value: soundJson });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
        const states: Json[] = [{ list: filler, nested: { a: { rows: filler.slice(0, 40) }, 'ü"': "é" }, n: 1 }];
        for (const { kind, at, value } of changes) states.push(changed(states.at(-1) as Json, kind, at, value));
        encodeAll(states);
      }),
      { numRuns: 300 },
    );
  });

  it("looks at no part that is the same, once the text is kept", () => {
    const same = counted({ rows: filler.map(({ text }) => text) });
    const states: Json[] = [{ filler, turn: 0, player: { same: same.part, cards: [1] } }];
    for (let turn = 1; turn < 30; turn += 1) {
      states.push({ ...states[0], turn, player: { same: same.part, cards: [turn] } });
    }
    for (const state of states) harden(state, states[0]);
    const kept = new KeptText();
    const listed = states.map((state, turn) => {
      same.listed = 0;
      expect(typeof kept.encode(state, states[turn - 1] ?? state)).toBe(turn === 0 ? "string" : "object");
      return same.listed;
    });
    // Made twice whole, then once for the places of its neighbours; from then on never.
    expect(listed.slice(3)).toEqual(Array(27).fill(0));
  });

  it("is not used for a state that was not made from the last one", () => {
    const kept = new KeptText();
    const first: Json = { filler, n: 0 };
    const states = [first, { ...first, n: 1 }, { ...first, n: 2 }];
    expect(encodeAll(states, kept)).toEqual([false, true, true]);
    const other = { ...first, n: 3 };
    expect(textOfState(kept.encode(other, first))).toBe(JSON.stringify(other));
    expect(encodeAll([{ ...first, n: 4 }], kept)).toEqual([false]);
  });

  it("is made anew once much is new, and not looked for where nothing is ever the same", () => {
    const growing: Json[] = [{ filler, log: [] as readonly unknown[] }];
    for (let n = 0; n < 60; n += 1) {
      const { log } = growing.at(-1) as { log: readonly unknown[] };
      growing.push({ filler, log: [...log, { n, text: "x".repeat(200) }] });
    }
    expect(encodeAll(growing)).toEqual(growing.map((_, index) => index > 0));
    const clones = Array.from({ length: 20 }, (_, n) => structuredClone<Json>({ filler, n }));
    expect(encodeAll(clones)).toEqual(clones.map((_, index) => index === 1));
  });

  it("holds where a list takes the place of an object, and an object that of a list", () => {
    const object = { rows: "x".repeat(300), 1: "y".repeat(300) };
    const list = ["rows", "1", "x".repeat(300)];
    const state = { filler, object, list };
    encodeAll([state, { ...state }, { ...state, object: list, list: object }, { ...state, object: [], list: {} }]);
  });

  it("is not kept of a short state", () => {
    expect(encodeAll([{ n: 0 }, { n: 1 }, { n: 2 }])).toEqual([false, false, false]);
  });
});

function changed(state: Json, kind: number, at: number, value: unknown): Json {
  const { list, nested, ...rest } = state as { list?: readonly unknown[]; nested?: Json };
  const items = list ?? [];
  const fields = typeof nested === "object" ? nested : {};
  switch (kind) {
    case 0:
      return { ...state, list: [...items.slice(1), ...items.slice(0, 1)] };
    case 1:
      return { ...state, list: items.toSpliced(at, 1, value) };
    case 2:
      return { ...state, list: items.toSpliced(at, 3) };
    case 3:
      return { ...state, list: items.toSpliced(at, 0, value, items[0]) };
    case 4:
      return { ...state, nested: { ...fields, [`k${at % 3}`]: value } };
    case 5:
      return { nested: nested ?? null, ...rest, list: items };
    case 6:
      return { ...rest, [`key ${at % 5}`]: value, list: items };
    case 7:
      return { ...state, nested: value };
    case 8:
      return { ...state, list: items.toReversed() };
    default:
      return { ...state, nested: { ...fields, a: { rows: [...items.slice(0, at), value] } } };
  }
}
