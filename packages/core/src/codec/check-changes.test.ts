import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { checkOfChanges } from "./check-changes.js";

const id = z.string().regex(/^[a-z]{1,3}$/);
const itemSchema = z.strictObject({ id, worth: z.int().min(0).nullable(), tags: z.array(z.enum(["x", "y"])).max(2) });
const schema = z
  .strictObject({
    count: z.int().min(0),
    list: z.array(itemSchema).max(4),
    byId: z.record(id, itemSchema),
    maybe: itemSchema.nullable(),
    option: itemSchema.optional(),
    pair: z.tuple([id, id]),
    act: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("move"), to: id }),
      z.strictObject({ kind: z.literal("pass") }),
    ]),
    loose: z.object({ a: z.string() }),
    upper: z.string().toUpperCase(),
    place: z
      .strictObject({ url: z.url() })
      .refine(({ url }) => !url.startsWith(" "))
      .optional(),
  })
  .superRefine(({ count, list }, context) => {
    if (count < list.length) context.addIssue({ code: "custom", message: "too few" });
  });

/** The same few parts over and over, so that many of a state are those of the state before; the last ones are wrong. */
const items: readonly unknown[] = [
  { id: "a", worth: 1, tags: [] },
  { id: "b", worth: null, tags: ["x"] },
  { id: "c", worth: 0, tags: ["x", "y"] },
  { id: "d", worth: -1, tags: [] },
  { id: "e", worth: 1, tags: ["z"] },
  { id: "f", worth: 1 },
  { id: "g", worth: 1, tags: [], more: 1 },
  [],
  7,
];
const item = fc.constantFrom(...items);
const sound = fc.constantFrom(...items.slice(0, 3));
const acts = [{ kind: "move", to: "a" }, { kind: "pass" }, { kind: "pass", to: "a" }, { kind: "stay" }];

/** @param sound whether it passes the schema for certain */
function stateOf(part: fc.Arbitrary<unknown>, sound: boolean) {
  const one = <T>(right: readonly T[], wrong: readonly T[]) => fc.constantFrom(...right, ...(sound ? [] : wrong));
  return fc.record(
    {
      count: fc.integer({ min: sound ? 4 : 0, max: 6 }),
      list: fc.array(part, { maxLength: sound ? 4 : 5 }),
      byId: fc.dictionary(one(["a", "b", "c"], ["Z", "long"]), part, { maxKeys: 3 }),
      maybe: fc.oneof(part, fc.constant(null)),
      option: part,
      pair: one([["a", "b"]], [["a"], ["a", "B"]]),
      act: one(acts.slice(0, 2), acts.slice(2)),
      loose: one<object>([{ a: "b" }, { a: "b", c: 1 }], [{}]),
      upper: fc.constantFrom("A", "a"),
      place: fc.constantFrom({ url: "https://a.example" }, { url: " https://a.example" }),
      ...(sound ? {} : { more: fc.constant(1) }),
    },
    { requiredKeys: ["count", "list", "byId", "maybe", "pair", "act", "loose", "upper"] },
  );
}

test("a next state passes exactly where the whole schema passes it, whatever has changed", () => {
  const check = checkOfChanges(schema);
  const seen = { true: 0, false: 0 };
  const changes = fc.oneof(stateOf(sound, true), stateOf(item, false));
  const changed = fc.tuple(stateOf(sound, true), changes, fc.subarray(Object.keys(schema.shape)), fc.boolean());
  fc.assert(
    fc.property(changed, ([before, other, taken, oneGoes]) => {
      const from: Record<string, unknown> = other;
      const next: Record<string, unknown> = { ...before };
      for (const key of taken) {
        if (Object.hasOwn(from, key)) next[key] = from[key];
        else if (oneGoes) delete next[key];
      }
      const passes = schema.safeParse(next).success;
      seen[`${passes}`] += 1;
      expect(check(next, before)).toBe(passes);
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
});

describe("what is asked", () => {
  let asked = 0;
  const part = z.strictObject({ id: z.string() }).refine(() => {
    asked += 1;
    return true;
  });
  const [a, b, c] = [{ id: "a" }, { id: "b" }, { id: "c" }];
  const check = checkOfChanges(z.strictObject({ list: z.array(part), one: part, byId: z.record(z.string(), part) }));
  const before = { list: [a, b, c], one: a, byId: { b } };

  test.each([
    ["nothing of what only moved", { list: [c, a, b], one: a, byId: { b } }, 0],
    ["a part that is new", { list: [a, { id: "d" }, b, c], one: a, byId: { b } }, 1],
    ["a part under another name", { list: [a, b, c], one: b, byId: { b } }, 1],
  ])("%s", (_, next, times) => {
    asked = 0;
    expect(check(next, before)).toBe(true);
    expect(asked).toBe(times);
  });

  test("a refinement, each time that something in it has changed", () => {
    const refined = checkOfChanges(
      z.strictObject({ list: z.array(part), most: z.int() }).refine(({ list, most }) => list.length <= most),
    );
    expect(refined({ list: [a, b], most: 2 }, { list: [a], most: 2 })).toBe(true);
    expect(refined({ list: [a, b], most: 1 }, { list: [a], most: 1 })).toBe(false);
  });

  test("a schema that holds itself, as a whole where it comes again", () => {
    const tree = z.strictObject({
      id: z.string(),
      get children() {
        return z.array(tree);
      },
    });
    const leaf = { id: "leaf", children: [] };
    const treeCheck = checkOfChanges(tree);
    expect(
      treeCheck({ id: "root", children: [leaf, { id: "new", children: [] }] }, { id: "root", children: [leaf] }),
    ).toBe(true);
    expect(treeCheck({ id: "root", children: [leaf, { id: 7, children: [] }] }, { id: "root", children: [leaf] })).toBe(
      false,
    );
  });
});
